using System.Globalization;
using Spectre.Console;

namespace MlComponents.Reporting;

/// <summary>What a network is made of as a table: a row per module with the shape of what it makes of one example, its weights and its multiply-adds, and the totals.</summary>
public static class SummaryTable
{
    /// <summary>Creates the table.</summary>
    /// <param name="description">As from <see cref="NetworkDefinition.Describe(NetworkContext)"/>; without parts there is one row.</param>
    public static Table Create(ModuleDescription description)
    {
        ArgumentNullException.ThrowIfNull(description);
        var table = new Table().Border(TableBorder.Simple);
        foreach (var (place, column) in Columns.Index())
            table.AddColumn(place < 2 ? new TableColumn(column) : new TableColumn(column).RightAligned());
        foreach (var row in Rows(description))
            table.AddRow([.. row.Select(Markup.Escape)]);
        return table;
    }

    /// <summary>Names of the columns.</summary>
    internal static IReadOnlyList<string> Columns { get; } = ["module", "kind", "output", "parameters", "multiply-adds"];

    /// <summary>The cells of each row.</summary>
    internal static IEnumerable<IReadOnlyList<string>> Rows(ModuleDescription description)
    {
        foreach (var part in description.Parts)
            yield return [part.Path, part.Kind, Shape(part.OutputShape), NonZero(part.Parameters), NonZero(part.MultiplyAdds ?? 0)];
        yield return ["in all", description.Kind, Shape(description.OutputShape), Number(description.Parameters), Products(description)];
        if (description.Buffers > 0)
            yield return ["buffers", "", "", Number(description.Buffers), ""];
    }

    private static string Shape(IReadOnlyList<long>? shape) => shape is null ? "" : $"[{string.Join(", ", shape)}]";

    private static string NonZero(long count) => count == 0 ? "" : Number(count);

    private static string Products(ModuleDescription description) => description.MultiplyAdds is { } products ? $"{(description.HasUncounted ? "at least " : "")}{Number(products)}" : "";

    private static string Number(long count) => count.ToString("#,0", CultureInfo.InvariantCulture);
}
