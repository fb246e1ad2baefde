using System.IO.Compression;

namespace MlComponents.Tests.Weights.Zip;

[TestClass]
public sealed class ZipWriterTests
{
    private static readonly byte[] Content = "123456789"u8.ToArray();

    [TestMethod]
    [DataRow(uint.MaxValue)]
    [DataRow(0u)]
    public void Write_OfAnArchive_IsReadByDotnet(uint wideFrom)
    {
        var bytes = Zips.Archive(wideFrom, ("a/b", Content), ("a/ü", []));

        using var zip = new ZipArchive(new MemoryStream(bytes));

        CollectionAssert.AreEqual(new[] { "a/b", "a/ü" }, zip.Entries.Select(entry => entry.FullName).ToArray());
        CollectionAssert.AreEqual(Content, ReadAll(zip.Entries[0].Open()));
        Assert.AreEqual(0xCBF43926u, zip.Entries[0].Crc32);
        Assert.AreEqual(new DateTime(1980, 1, 1), zip.Entries[0].LastWriteTime.DateTime);
    }

    private static byte[] ReadAll(Stream stream)
    {
        using var copy = new MemoryStream();
        using (stream)
            stream.CopyTo(copy);
        return copy.ToArray();
    }
}
