using System.Globalization;

namespace DigitRecognition;

/// <summary>Where a run's results go: a folder without a model in it.</summary>
internal sealed class RunFolder : IDisposable
{
    private readonly string path;
    private readonly bool isNew;

    private RunFolder(string path)
    {
        this.path = path;
        isNew = !Directory.Exists(path);
        if (File.Exists(Model))
            throw new UserException($"{Model} is another run's model, which is never overwritten: choose another --output, or remove the file.");
        if (File.Exists(path))
            throw new UserException($"--output {path} is a file; a folder is needed.");
        Directory.CreateDirectory(path);
    }

    public string Model => Path.Combine(path, "model.zip");

    public string History => Path.Combine(path, "history.jsonl");

    public string Mistakes => Path.Combine(path, "mistakes.png");

    /// <summary>The folder that was asked for, or a new one.</summary>
    public static RunFolder Open(string? output) => new(output ?? New());

    /// <summary>Leaves no empty folder behind when there are no results.</summary>
    public void Dispose()
    {
        if (isNew && !Directory.EnumerateFileSystemEntries(path).Any())
            Directory.Delete(path);
    }

    private static string New()
    {
        var path = Path.Combine("runs", "digits", DateTime.UtcNow.ToString("yyyy-MM-dd'T'HH-mm-ss'Z'", CultureInfo.InvariantCulture));
        return Enumerable.Range(1, int.MaxValue).Select(i => i == 1 ? path : $"{path}-{i}").First(candidate => !Path.Exists(candidate));
    }
}
