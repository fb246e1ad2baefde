namespace MlComponents;

/// <summary>Writes files aside and renames them, so that a reader sees the old file or the new one and never a part.</summary>
public static class AtomicFile
{
    /// <summary>Writes a file beside its final name, and renames it when it is complete and on the disk.</summary>
    /// <param name="path">The final name; its folder is created when it isn't there.</param>
    /// <param name="write">Writes the content.</param>
    /// <exception cref="IOException">The disk is full, or the folder can't be written. Nothing of the new file is left then.</exception>
    public static void Write(string path, Action<Stream> write)
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
            File.Move(aside, path, overwrite: true);
        }
        catch
        {
            File.Delete(aside);
            throw;
        }
    }
}
