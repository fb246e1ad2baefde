using System.IO.Compression;

namespace MlComponents.Tests.Data;

[TestClass]
public sealed class IdxFileTests : IDisposable
{
    private static readonly byte[] Labels = [0, 0, 8, 1, 0, 0, 0, 3, 7, 0, 9];
    private static readonly byte[] Images = [0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 2, 10, 20, 30, 40];

    private readonly string folder = Directory.CreateTempSubdirectory().FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [TestMethod]
    public void Read_OfLabels_GivesThem()
    {
        var file = IdxFile.Read(Save(Labels), dimensions: 1);

        CollectionAssert.AreEqual(new[] { 3 }, file.Shape.ToArray());
        CollectionAssert.AreEqual(new byte[] { 7, 0, 9 }, file.Data);
    }

    [TestMethod]
    public void Read_OfGzippedImages_GivesThemWhateverTheName()
    {
        var file = IdxFile.Read(Save(Gzip(Images), "images"), dimensions: 3);

        CollectionAssert.AreEqual(new[] { 2, 1, 2 }, file.Shape.ToArray());
        CollectionAssert.AreEqual(new byte[] { 10, 20, 30, 40 }, file.Data);
    }

    [TestMethod]
    public void Read_OfNoElements_GivesNone()
    {
        var file = IdxFile.Read(Save([0, 0, 8, 3, 0, 0, 0, 0, 0x7f, 0xff, 0xff, 0xff, 0x7f, 0xff, 0xff, 0xff]), dimensions: 3);

        Assert.IsEmpty(file.Data);
    }

    [TestMethod]
    [RequiresMnist]
    public void Read_OfMnist_HasItsShapeAndItsFirstLabels()
    {
        var images = IdxFile.Read(Path.Combine(SharedData.Mnist!, "t10k-images-idx3-ubyte.gz"), dimensions: 3);
        var labels = IdxFile.Read(Path.Combine(SharedData.Mnist!, "t10k-labels-idx1-ubyte.gz"), dimensions: 1);

        CollectionAssert.AreEqual(new[] { 10000, 28, 28 }, images.Shape.ToArray());
        CollectionAssert.AreEqual(new byte[] { 7, 2, 1, 0, 4, 1, 4, 9, 5, 9 }, labels.Data[..10]);
    }

    [TestMethod]
    [DataRow(new byte[] { }, "ends after 0 bytes", "has 8")]
    [DataRow(new byte[] { 0, 0, 8 }, "ends after 3 bytes", "has 8")]
    [DataRow(new byte[] { 0, 0, 8, 1, 0, 0 }, "ends after 6 bytes", "has 8")]
    [DataRow(new byte[] { 0, 0, 8, 3, 0, 0, 0, 1, 7 }, "starts with 0x00000803", "starts with 0x00000801")]
    [DataRow(new byte[] { 0, 0, 13, 1, 0, 0, 0, 1, 7 }, "starts with 0x00000d01", "starts with 0x00000801")]
    [DataRow(new byte[] { 0, 0, 8, 1, 0, 0, 0, 3, 7, 0 }, "ends after 10 bytes", "announces 11")]
    [DataRow(new byte[] { 0, 0, 8, 1, 0, 0, 0, 3, 7, 0, 9, 9 }, "goes on after the 11 bytes", "announces")]
    [DataRow(new byte[] { 0, 0, 8, 1, 0x70, 0, 0, 0, 7 }, "ends after 9 bytes", "announces 1879048200")]
    [DataRow(new byte[] { 0, 0, 8, 1, 0xff, 0xff, 0xff, 0xff, 7 }, "size -1", "0 to 2147483647")]
    public void Read_OfWrongContent_SaysWhatWasFoundAndWhatWasExpected(byte[] content, string found, string expected)
    {
        foreach (var bytes in content.Length == 0 ? [content] : new[] { content, Gzip(content) })
        {
            var path = Save(bytes);

            var error = Assert.ThrowsExactly<InvalidDataException>(() => IdxFile.Read(path, dimensions: 1));

            Assert.Contains(path, error.Message);
            Assert.Contains(found, error.Message);
            Assert.Contains(expected, error.Message);
        }
    }

    [TestMethod]
    public void Read_OfAShapeWhoseProductOverflows_IsAnErrorBeforeMemoryIsTaken()
    {
        var path = Save([0, 0, 8, 3, 0x7f, 0xff, 0xff, 0xff, 0x7f, 0xff, 0xff, 0xff, 0x7f, 0xff, 0xff, 0xff, 1]);

        var error = Assert.ThrowsExactly<InvalidDataException>(() => IdxFile.Read(path, dimensions: 3));

        Assert.Contains("[2147483647, 2147483647, 2147483647]", error.Message);
    }

    [TestMethod]
    [DataRow(new byte[] { 0, 0, 8, 1, 0x70, 0, 0, 0, 7 }, false)]
    [DataRow(new byte[] { 0, 0, 8, 1, 0x70, 0, 0, 0, 7 }, true)]
    public void Read_OfAHeaderThatAnnouncesGigabytes_TakesNoMemoryForThem(byte[] content, bool gzip)
    {
        var path = Save(gzip ? Gzip(content) : content);
        var before = GC.GetAllocatedBytesForCurrentThread();

        Assert.ThrowsExactly<InvalidDataException>(() => IdxFile.Read(path, dimensions: 1));

        Assert.IsLessThan(1L << 20, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [TestMethod]
    public void Read_OfTruncatedGzip_NamesTheFile()
    {
        var whole = Gzip([0, 0, 8, 1, 0, 0, 0x10, 0, .. Enumerable.Range(0, 4096).Select(i => (byte)(i * 7919 >> 3))]);
        var path = Save(whole[..(whole.Length / 2)]);

        var error = Assert.ThrowsExactly<InvalidDataException>(() => IdxFile.Read(path, dimensions: 1));

        Assert.Contains(path, error.Message);
    }

    [TestMethod]
    public void Read_OfDamagedGzip_NamesTheFile()
    {
        var damaged = Gzip(Labels);
        damaged[^6] ^= 0xff;   // the checksum
        var path = Save(damaged);

        var error = Assert.ThrowsExactly<InvalidDataException>(() => IdxFile.Read(path, dimensions: 1));

        Assert.Contains(path, error.Message);
    }

    [TestMethod]
    public void Read_OfAMissingFile_IsFileNotFound() =>
        Assert.ThrowsExactly<FileNotFoundException>(() => IdxFile.Read(Path.Combine(folder, "none"), dimensions: 1));

    private string Save(byte[] content, string name = "file.gz")
    {
        var path = Path.Combine(folder, name);
        File.WriteAllBytes(path, content);
        return path;
    }

    private static byte[] Gzip(byte[] content)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal))
            gzip.Write(content);
        return packed.ToArray();
    }
}
