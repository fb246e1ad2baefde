using System.Globalization;

namespace MlComponents;

/// <summary>A history as a table of comma-separated values.</summary>
internal static class HistoryCsv
{
    private static readonly string[] Fixed = ["epoch", "step", "seconds", "learningRate", "gradientNorm"];   // as in the lines of JSON

    private static readonly char[] Special = [',', '"', '\r', '\n'];

    public static void Write(IReadOnlyList<HistoryRow> rows, TextWriter writer)
    {
        var metrics = rows.SelectMany(row => row.Metrics.Keys).Distinct().ToList();
        WriteLine(writer, [.. Fixed, .. metrics]);
        foreach (var row in rows)
            WriteLine(writer,
            [
                row.Epoch.ToString(CultureInfo.InvariantCulture), row.Step.ToString(CultureInfo.InvariantCulture), Field(row.Seconds), Field(row.LearningRate), Field(row.GradientNorm),
                .. metrics.Select(metric => Field(row.Metrics.TryGetValue(metric, out var value) ? value : null)),
            ]);
    }

    private static void WriteLine(TextWriter writer, IEnumerable<string> fields) => writer.Write(string.Join(',', fields.Select(Quoted)) + "\r\n");

    private static string Field(double? value) => value?.ToString(CultureInfo.InvariantCulture) ?? "";

    private static string Quoted(string field) => field.IndexOfAny(Special) < 0 ? field : $"\"{field.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
