using System.Globalization;
using Spectre.Console;

namespace MlComponents.Reporting;

/// <summary>A confusion matrix as a table: a row per true class, a column per predicted class, and the share that was found.</summary>
public static class ConfusionMatrixTable
{
    /// <summary>Creates the table.</summary>
    /// <param name="counts">How often each true class (first index) was taken for each class (second index); square.</param>
    /// <param name="classes">The classes' names, as many.</param>
    /// <exception cref="ArgumentException">The counts are no square of that many classes.</exception>
    public static Table Create(IReadOnlyList<IReadOnlyList<double>> counts, IReadOnlyList<string> classes)
    {
        SquareCounts.Check(counts, classes);
        var table = new Table().Border(TableBorder.Simple).AddColumn(new TableColumn("true").RightAligned().PadRight(0));
        foreach (var name in classes)
            table.AddColumn(new TableColumn(Markup.Escape(name)).RightAligned().NoWrap().PadRight(0));
        table.AddColumn(new TableColumn("recall").RightAligned());

        for (var truth = 0; truth < classes.Count; truth++)
        {
            var total = counts[truth].Sum();
            table.AddRow([
                Markup.Escape(classes[truth]),
                .. counts[truth].Select((count, predicted) => Cell(count, isRight: predicted == truth)),
                total == 0 ? "" : (counts[truth][truth] / total).ToString("0.000", CultureInfo.InvariantCulture),
            ]);
        }
        return table;
    }

    private static string Cell(double count, bool isRight) =>
        count == 0 ? "[grey].[/]" : $"{(isRight ? "[green]" : "[red]")}{count.ToString("0", CultureInfo.InvariantCulture)}[/]";
}
