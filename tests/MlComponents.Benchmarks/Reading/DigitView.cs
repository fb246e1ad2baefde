using Microsoft.ML;
using Microsoft.ML.Data;

namespace MlComponents.Benchmarks.Reading;

/// <summary>Rows of pictures in memory or in a file, which is deleted again.</summary>
internal sealed class DigitView : IDisposable
{
    private readonly DirectoryInfo? folder;

    private DigitView(IDataView rows, DirectoryInfo? folder)
    {
        Rows = rows;
        this.folder = folder;
    }

    public IDataView Rows { get; }

    public static DigitView InMemory(MLContext ml, int count) => new(ml.Data.LoadFromEnumerable(DigitRow.Draw(count, white: 255)), null);

    /// <summary>A text file like those that MNIST is passed around as: the digit and its grey values, with commas between them.</summary>
    public static DigitView InCsv(MLContext ml, int count) => InFile("digits.csv", path =>
    {
        File.WriteAllLines(path, DigitRow.Draw(count, white: 255).Select(row => $"{row.Label},{string.Join(',', row.Features)}"));
        return ml.Data.LoadFromTextFile(path,
            [
                new("Label", DataKind.UInt32, [new(0)], new KeyCount(GeneratedDigits.Classes)),
                new("Features", DataKind.Single, 1, GeneratedDigits.Pixels),
            ], separatorChar: ',');
    });

    public static DigitView InBinary(MLContext ml, int count) => InFile("digits.idv", path =>
    {
        using (var stream = File.Create(path))
            ml.Data.SaveAsBinary(ml.Data.LoadFromEnumerable(DigitRow.Draw(count, white: 255)), stream);
        return ml.Data.LoadFromBinary(path);
    });

    public void Dispose()
    {
        (Rows as IDisposable)?.Dispose();
        folder?.Delete(recursive: true);
    }

    private static DigitView InFile(string name, Func<string, IDataView> write)
    {
        var folder = Directory.CreateTempSubdirectory("MlComponents.Benchmarks-");
        return new(write(Path.Combine(folder.FullName, name)), folder);
    }
}
