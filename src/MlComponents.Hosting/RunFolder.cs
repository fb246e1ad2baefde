using System.Globalization;
using Microsoft.ML;

namespace MlComponents.Hosting;

/// <summary>The folder of one run.</summary>
internal sealed class RunFolder
{
    private RunFolder(string path) => Path = Directory.CreateDirectory(path).FullName;

    public string Path { get; }

    public string ModelPath => System.IO.Path.Combine(Path, "model.zip");

    /// <summary>A new folder <c>{root}/{job}/{UTC timestamp}</c>.</summary>
    public static RunFolder Create(string root, string job, DateTimeOffset now)
    {
        var path = System.IO.Path.Combine(root, job, now.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture));
        var free = path;
        for (var number = 2; Directory.Exists(free); number++)
            free = $"{path}-{number}";
        return new RunFolder(free);
    }

    /// <summary>A folder that was asked for.</summary>
    /// <exception cref="IOException">It holds another run's model.</exception>
    public static RunFolder Use(string path)
    {
        var folder = new RunFolder(path);
        if (File.Exists(folder.ModelPath))
            throw new IOException($"The folder '{folder.Path}' holds another run's model.zip, which is never overwritten: choose another folder, or move the file away.");
        return folder;
    }

    /// <summary>Writes the history, then the model, each aside and renamed: where there is a model, the run is complete.</summary>
    public void Publish(MLContext ml, ITransformer model, DataViewSchema schema, History? history)
    {
        history?.Save(System.IO.Path.Combine(Path, "history.jsonl"));
        AtomicFile.Write(ModelPath, stream => ml.Model.Save(model, schema, stream));
    }

    /// <summary>Removes the folder when nothing was written into it.</summary>
    public void DeleteIfEmpty()
    {
        if (!Directory.EnumerateFileSystemEntries(Path).Any())
            Directory.Delete(Path);
    }
}
