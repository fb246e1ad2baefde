using System.Text.RegularExpressions;

namespace MlComponents;

/// <summary>Writes files aside and renames them, so that a reader sees the old file or the new one and never a part.</summary>
public static partial class AtomicFile
{
    /// <summary>Writes a file beside its final name, and renames it when it is complete and on the disk.</summary>
    /// <param name="path">The final name; its folder is created when it isn't there.</param>
    /// <param name="write">Writes the content.</param>
    /// <param name="overwrite">Whether a file that is there already is replaced. Default: true.</param>
    /// <exception cref="IOException">
    /// The disk is full, the folder can't be written, or the file is there already and isn't to be replaced. Nothing of the new file is left then.
    /// </exception>
    public static void Write(string path, Action<Stream> write, bool overwrite = true)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(write);

        path = Path.GetFullPath(path);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var aside = $"{path}.{Guid.NewGuid():N}.tmp";
        try
        {
            using (var stream = new FileStream(aside, FileMode.CreateNew, FileAccess.ReadWrite))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }
            File.Move(aside, path, overwrite);
        }
        catch
        {
            File.Delete(aside);
            throw;
        }
    }

    /// <summary>Removes what is left in a folder of files that killed processes were writing. Nothing may be writing there.</summary>
    /// <param name="folder">The folder; those within it are left alone.</param>
    /// <exception cref="IOException">It can't be read or changed.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read or changed.</exception>
    public static void DeleteLeftovers(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        foreach (var file in Directory.GetFiles(folder, "*.tmp"))
            if (Aside().IsMatch(file))
                File.Delete(file);
    }

    [GeneratedRegex(@"\.[0-9a-f]{32}\.tmp\z")]
    private static partial Regex Aside();
}
