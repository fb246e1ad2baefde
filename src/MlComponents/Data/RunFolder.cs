using System.Globalization;

namespace MlComponents;

/// <summary>The folder that the results of one run go to.</summary>
public sealed class RunFolder
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
        ArgumentException.ThrowIfNullOrEmpty(path);

        var isNew = !Directory.Exists(path);
        if (File.Exists(path))
            throw new IOException($"{path} is a file, but a folder for the results is needed: choose another one.");
        var folder = new RunFolder(Directory.CreateDirectory(path).FullName, isNew);
        if (File.Exists(folder.ModelPath))
            throw new IOException($"The folder {folder.Path} holds another run's model.zip, which is never overwritten: choose another folder, or move the file away.");
        return folder;
    }

    /// <summary>Removes the folder when it is new and nothing was written into it.</summary>
    public void DeleteIfEmpty()
    {
        if (isNew && !Directory.EnumerateFileSystemEntries(Path).Any())
            Directory.Delete(Path);
    }
}
