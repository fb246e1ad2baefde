namespace MlComponents.Tests.Weights.Zip;

/// <summary>Archives that our writer makes.</summary>
internal static class Zips
{
    public static byte[] Archive(uint wideFrom, params (string Name, byte[] Content)[] entries)
    {
        using var stream = new MemoryStream();
        var zip = new ZipWriter(stream, wideFrom);
        foreach (var (name, content) in entries)
            zip.Add(name, content);
        zip.Finish();
        return stream.ToArray();
    }
}
