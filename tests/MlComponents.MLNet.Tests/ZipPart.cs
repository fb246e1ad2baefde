using System.IO.Compression;

namespace MlComponents.MLNet.Tests;

/// <summary>Reads and changes the entries of a saved model.</summary>
internal static class ZipPart
{
    public static byte[] Read(string path, string name)
    {
        using var archive = ZipFile.OpenRead(path);
        using var stream = Find(archive, name).Open();
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return bytes.ToArray();
    }

    public static void Replace(string path, string name, byte[] content)
    {
        using var archive = ZipFile.Open(path, ZipArchiveMode.Update);
        var entry = Find(archive, name);
        var fullName = entry.FullName;
        entry.Delete();
        using var stream = archive.CreateEntry(fullName).Open();
        stream.Write(content);
    }

    public static void Delete(string path, string name)
    {
        using var archive = ZipFile.Open(path, ZipArchiveMode.Update);
        Find(archive, name).Delete();
    }

    private static ZipArchiveEntry Find(ZipArchive archive, string name) => archive.Entries.Single(entry => entry.Name == name);
}
