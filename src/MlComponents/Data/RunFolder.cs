using System.Globalization;
using System.Text.RegularExpressions;

namespace MlComponents;

/// <summary>The folder that the results of one run go to.</summary>
public sealed partial class RunFolder
{
    private readonly bool isNew;

    private RunFolder(string path, bool isNew)
    {
        Path = path;
        this.isNew = isNew;
    }

    /// <summary>Its full path; it exists.</summary>
    public string Path { get; }

    /// <summary>Where the model belongs: <c>model.zip</c>.</summary>
    public string ModelPath => System.IO.Path.Combine(Path, "model.zip");

    /// <summary>Where the history belongs: <c>history.jsonl</c>.</summary>
    public string HistoryPath => System.IO.Path.Combine(Path, "history.jsonl");

    /// <summary>Where the network's weights belong, apart from the model that has them too: <c>weights.safetensors</c>.</summary>
    public string WeightsPath => System.IO.Path.Combine(Path, "weights.safetensors");

    /// <summary>Where checkpoints belong: the folder <c>checkpoints</c>.</summary>
    public string CheckpointsPath => System.IO.Path.Combine(Path, "checkpoints");

    /// <summary>Where files for TensorBoard belong: the folder <c>tensorboard</c>.</summary>
    public string TensorBoardPath => System.IO.Path.Combine(Path, "tensorboard");

    /// <summary>Where a report of the run belongs: <c>report.html</c>.</summary>
    public string ReportPath => System.IO.Path.Combine(Path, "report.html");

    /// <summary>Whether it holds a model.</summary>
    public bool HasModel => File.Exists(ModelPath);

    /// <summary>Whether it holds a checkpoint, a damaged one included.</summary>
    public bool HasCheckpoint => new CheckpointFolder(CheckpointsPath).Steps.Count > 0;

    /// <summary>Creates a new folder <c>{root}/{name}/{UTC timestamp}</c> that no other run has.</summary>
    /// <param name="root">The folder of all runs, e.g. <c>runs</c>.</param>
    /// <param name="name">What is trained.</param>
    /// <param name="time">The clock. Null: the system's.</param>
    /// <exception cref="IOException">The folder can't be created.</exception>
    public static RunFolder Create(string root, string name, TimeProvider? time = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(root);
        ArgumentException.ThrowIfNullOrEmpty(name);

        var parent = Directory.CreateDirectory(System.IO.Path.Combine(root, name)).FullName;
        var stamp = (time ?? TimeProvider.System).GetUtcNow().UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
        var claim = Directory.CreateDirectory(System.IO.Path.Combine(parent, $".{Guid.NewGuid():N}")).FullName;
        for (var number = 1; ; number++)
        {
            var path = System.IO.Path.Combine(parent, number == 1 ? stamp : $"{stamp}-{number}");
            try
            {
                Directory.Move(claim, path);   // unlike creating, moving fails where there is a folder already
                return new RunFolder(path, isNew: true);
            }
            catch (IOException) when (System.IO.Path.Exists(path))
            {
                // Another run has that name: try the next one.
            }
            catch
            {
                Directory.Delete(claim);
                throw;
            }
        }
    }

    /// <summary>A folder that the user asked for; it is created where it isn't there.</summary>
    /// <exception cref="IOException">It holds another run's model, is a file, or can't be created.</exception>
    public static RunFolder Use(string path)
    {
        var folder = Open(path);
        if (folder.HasModel)
            throw new IOException($"The folder {folder.Path} holds another run's model.zip, which is never overwritten: choose another folder, or move the file away.");
        return folder;
    }

    /// <summary>A folder in which a run goes on, whatever it holds; it is created where it isn't there, and what a killed process was writing into it is removed.</summary>
    /// <exception cref="IOException">It is a file, or can't be created or changed.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be created or changed.</exception>
    public static RunFolder Resume(string path)
    {
        var folder = Open(path);
        AtomicFile.DeleteLeftovers(folder.Path);
        return folder;
    }

    /// <summary>The folders <c>{root}/{name}/{UTC timestamp}</c> that <see cref="Create"/> made, the newest first.</summary>
    /// <param name="root">The folder of all runs, e.g. <c>runs</c>.</param>
    /// <param name="name">What is trained.</param>
    /// <exception cref="IOException">They can't be listed.</exception>
    public static IEnumerable<RunFolder> All(string root, string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(root);
        ArgumentException.ThrowIfNullOrEmpty(name);

        var parent = new DirectoryInfo(System.IO.Path.Combine(root, name));
        return (parent.Exists ? parent.GetDirectories() : [])
            .Select(folder => (Match: Stamped().Match(folder.Name), folder.FullName))
            .Where(folder => folder.Match.Success)
            .OrderByDescending(folder => folder.Match.Groups["stamp"].Value, StringComparer.Ordinal)
            .ThenByDescending(folder => folder.Match.Groups["number"] is { Success: true } number ? int.Parse(number.ValueSpan, CultureInfo.InvariantCulture) : 1)
            .Select(folder => new RunFolder(folder.FullName, isNew: false));
    }

    /// <summary>Removes the folder when it is new and nothing was written into it.</summary>
    public void DeleteIfEmpty()
    {
        if (isNew && !Directory.EnumerateFileSystemEntries(Path).Any())
            Directory.Delete(Path);
    }

    private static RunFolder Open(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);

        var isNew = !Directory.Exists(path);
        if (File.Exists(path))
            throw new IOException($"{path} is a file, but a folder for the results is needed: choose another one.");
        return new RunFolder(Directory.CreateDirectory(path).FullName, isNew);
    }

    [GeneratedRegex(@"^(?<stamp>\d{8}T\d{6}Z)(-(?<number>\d{1,9}))?\z")]
    private static partial Regex Stamped();
}
