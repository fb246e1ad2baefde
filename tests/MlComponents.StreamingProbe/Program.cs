// StreamingProbe generate <file.idv|file.csv> <bytes>: writes a file of rows that is a little larger.
// StreamingProbe train <file> <memory budget> <hidden units> <workers> [<temporary folder>]: trains two epochs on it, and prints one line of JSON: times, memory, and whether each row was seen once an epoch.
using System.Globalization;
using System.Text.Json;
using MlComponents.StreamingProbe;

switch (args)
{
    case ["generate", var file, var bytes]:
        RowsFile.Generate(file, (long)double.Parse(bytes, CultureInfo.InvariantCulture));
        return 0;
    case ["train", var file, var budget, var hidden, var workers, .. var folder]:
        var figures = StreamedRun.Measure(
            file, (long)double.Parse(budget, CultureInfo.InvariantCulture), int.Parse(hidden, CultureInfo.InvariantCulture), int.Parse(workers, CultureInfo.InvariantCulture), folder is [var temporary] ? temporary : null);
        Console.WriteLine(JsonSerializer.Serialize(figures, JsonSerializerOptions.Web));
        return 0;
    default:
        Console.Error.WriteLine("usage: generate <file.idv|file.csv> <bytes> | train <file> <memory budget> <hidden units> <workers> [<temporary folder>]");
        return 2;
}
