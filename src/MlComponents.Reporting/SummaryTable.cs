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
        var table = new Table().Border(TableBorder.Simple)
            .AddColumn("module").AddColumn("kind").AddColumn(new TableColumn("output").RightAligned()).AddColumn(new TableColumn("parameters").RightAligned())
            .AddColumn(new TableColumn("multiply-adds").RightAligned());

        foreach (var part in description.Parts)
            table.AddRow(Markup.Escape(part.Path), Markup.Escape(part.Kind), Shape(part.OutputShape), NonZero(part.Parameters), NonZero(part.MultiplyAdds ?? 0));
        table.AddRow("in all", Markup.Escape(description.Kind), Shape(description.OutputShape), Number(description.Parameters),
            Products(description));
        if (description.Buffers > 0)
            table.AddRow("buffers", "", "", Number(description.Buffers), "");
        return table;
    }

    private static string Shape(IReadOnlyList<long>? shape) => shape is null ? "" : Markup.Escape($"[{string.Join(", ", shape)}]");

    private static string NonZero(long count) => count == 0 ? "" : Number(count);

    private static string Products(ModuleDescription description) => description.MultiplyAdds is { } products ? $"{(description.HasUncounted ? "at least " : "")}{Number(products)}" : "";

    private static string Number(long count) => count.ToString("#,0", CultureInfo.InvariantCulture);
}
