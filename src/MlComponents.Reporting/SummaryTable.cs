using System.Globalization;
using Spectre.Console;

namespace MlComponents.Reporting;

/// <summary>What a network is made of as a table: a row per module with the shape of what it makes of one example and its weights, and the totals.</summary>
public static class SummaryTable
{
    /// <summary>Creates the table.</summary>
    /// <param name="description">As from <see cref="NetworkDefinition.Describe(NetworkContext)"/>; without parts there is one row.</param>
    public static Table Create(ModuleDescription description)
    {
        ArgumentNullException.ThrowIfNull(description);
        var table = new Table().Border(TableBorder.Simple)
            .AddColumn("module").AddColumn("kind").AddColumn(new TableColumn("output").RightAligned()).AddColumn(new TableColumn("parameters").RightAligned());

        foreach (var part in description.Parts)
            table.AddRow(Markup.Escape(part.Path), Markup.Escape(part.Kind), Shape(part.OutputShape), part.Parameters == 0 ? "" : Number(part.Parameters));
        table.AddRow("in all", Markup.Escape(description.Kind), Shape(description.OutputShape), Number(description.Parameters));
        if (description.Buffers > 0)
            table.AddRow("buffers", "", "", Number(description.Buffers));
        return table;
    }

    private static string Shape(IReadOnlyList<long>? shape) => shape is null ? "" : Markup.Escape($"[{string.Join(", ", shape)}]");

    private static string Number(long count) => count.ToString("#,0", CultureInfo.InvariantCulture);
}
