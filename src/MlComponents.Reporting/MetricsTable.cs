using System.Globalization;
using Spectre.Console;

namespace MlComponents.Reporting;

/// <summary>Metrics and their values as a table.</summary>
public static class MetricsTable
{
    /// <summary>One row per metric, in the order given, with four digits after the point.</summary>
    public static Table Create(IEnumerable<KeyValuePair<string, double>> metrics)
    {
        ArgumentNullException.ThrowIfNull(metrics);
        var table = new Table().Border(TableBorder.Simple).AddColumn("metric").AddColumn(new TableColumn("value").RightAligned());
        foreach (var (name, value) in metrics)
            table.AddRow(Markup.Escape(name), value.ToString("0.0000", CultureInfo.InvariantCulture));
        return table;
    }
}
