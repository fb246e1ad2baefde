using System.Globalization;

namespace MlComponents.StreamingProbe;

/// <summary>A file of rows, each with its number among its features, so that its place in an epoch can be seen.</summary>
internal static class RowsFile
{
    public const int Width = 256;

    /// <summary>What the number of a row is divided by in its first feature: a power of two, so that it is exact.</summary>
    public const int NumberScale = 1 << 24;

    /// <summary>Writes rows until the file is as large.</summary>
    /// <param name="path">Path of the file, ending in .idv or .csv.</param>
    /// <param name="bytes">Its least size.</param>
    public static void Generate(string path, long bytes)
    {
        using var stream = File.Create(path);
        if (IsBinary(path))
        {
            var ml = new MLContext();
            ml.Data.SaveAsBinary(ml.Data.LoadFromEnumerable(Draw().TakeWhile(_ => stream.Length < bytes)), stream);
            return;
        }
        using var writer = new StreamWriter(stream) { AutoFlush = false };
        Span<char> text = stackalloc char[16 * (Width + 1)];
        foreach (var row in Draw())
        {
            if (stream.Length >= bytes)
                break;
            var length = Write(text, row.Label, "0.0000");
            length += Write(text[length..], row.Features[0], "r");
            for (var i = 1; i < Width; i++)
                length += Write(text[length..], row.Features[i], "0.0000");
            text[length - 1] = '\n';
            writer.Write(text[..length]);
        }
    }

    /// <summary>The rows of a file.</summary>
    public static IDataView Open(MLContext ml, string path) => IsBinary(path)
        ? ml.Data.LoadFromBinary(path)
        : ml.Data.LoadFromTextFile(path, [new(nameof(Row.Label), DataKind.Single, 0), new(nameof(Row.Features), DataKind.Single, 1, Width)], separatorChar: ',');

    private static bool IsBinary(string path) => Path.GetExtension(path) == ".idv";

    private static int Write(Span<char> text, float value, string format)
    {
        value.TryFormat(text, out var length, format, CultureInfo.InvariantCulture);
        text[length] = ',';
        return length + 1;
    }

    private static IEnumerable<Row> Draw()
    {
        var (random, row) = (new Random(1), new Row());
        for (var number = 0; number < NumberScale; number++)
        {
            row.Features[0] = (float)number / NumberScale;
            for (var i = 1; i < Width; i++)
                row.Features[i] = random.NextSingle();
            row.Label = row.Features[1] + row.Features[2] * row.Features[3];
            yield return row;
        }
    }

    private sealed class Row
    {
        public float Label { get; set; }

        [VectorType(Width)]
        public float[] Features { get; set; } = new float[Width];
    }
}
