using System.Buffers.Binary;
using System.Text;

namespace MlComponents.Tests.Weights.Zip;

[TestClass]
public sealed class ZipDirectoryTests
{
    private static readonly byte[] Content = Encoding.ASCII.GetBytes("123456789");

    [TestMethod]
    [DataRow(uint.MaxValue)]
    [DataRow(0u)]
    public void Read_OfWhatWasWritten_GivesItBack(uint wideFrom)
    {
        var directory = new ZipDirectory(new MemoryStream(Zips.Archive(wideFrom, ("a", Content), ("b", []))));

        CollectionAssert.AreEqual(Content, directory.ReadAll(directory.Entries["a"], 100));
        CollectionAssert.AreEqual(Array.Empty<byte>(), directory.ReadAll(directory.Entries["b"], 100));
        StringAssert.Contains(Assert.ThrowsExactly<InvalidDataException>(() => directory.ReadAll(directory.Entries["a"], 8)).Message, "has 9 bytes, but 8 are allowed", StringComparison.Ordinal);
    }

    [TestMethod]
    public void Read_OfWhatDotnetDeflated_GivesItBack()
    {
        var content = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Range(0, 3000)));
        var directory = new ZipDirectory(new MemoryStream(PyTorch.Pickles.Deflated(("folder/", []), ("folder/x", content))));

        Assert.IsTrue(directory.Entries["folder/x"].IsDeflated);
        CollectionAssert.AreEqual(content, directory.ReadAll(directory.Entries["folder/x"], 100_000));
    }

    [TestMethod]
    [DataRow("../x")]
    [DataRow("a/../../x")]
    [DataRow("/etc/passwd")]
    [DataRow("..\\x")]
    [DataRow("./x")]
    [DataRow("x\0y")]
    [DataRow("")]
    public void Read_OfANameOutsideOfTheArchive_IsAnError(string name) =>
        StringAssert.Contains(Error(Zips.Archive(uint.MaxValue, (name, Content))), "which isn't a place inside of it", StringComparison.Ordinal);

    [TestMethod]
    public void Read_OfTwoEntriesOfOneName_IsAnError() =>
        StringAssert.Contains(Error(Zips.Archive(uint.MaxValue, ("x", Content), ("x", Content))), "two entries called 'x'", StringComparison.Ordinal);

    [TestMethod]
    // Offsets in the directory's entry: 8 flags, 10 method, 16 check sum, 20 stored length, 24 length, 34 disk, 42 where its header is.
    [DataRow(8, 0x0801, "is encrypted")]
    [DataRow(8, 0x2800, "is encrypted")]
    [DataRow(10, 12, "is compressed by method 12")]
    [DataRow(10, 8, "contradicts the directory")]
    [DataRow(24, 10, "its lengths are 9 and 10")]
    [DataRow(34, 1, "one of several parts")]
    [DataRow(42, 1, "contradicts the directory")]
    [DataRow(42, 60000, "begin at byte 60000, which lies outside")]
    [DataRow(28, 40, "ends in the middle of an entry")]
    [DataRow(28, 0, "isn't a place inside")]
    [DataRow(30, 500, "ends in the middle of an entry")]
    [DataRow(32, 5, "ends in the middle of an entry")]
    [DataRow(0, 0, "something that is no entry")]
    public void Read_OfAChangedDirectory_SaysWhatIsWrong(int field, int value, string expected)
    {
        var bytes = Zips.Archive(uint.MaxValue, ("x", Content));
        var entry = bytes.AsSpan().IndexOf("PK\x01\x02"u8);

        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(entry + field), (ushort)value);

        StringAssert.Contains(Error(bytes), expected, StringComparison.Ordinal);
    }

    [TestMethod]
    // Offsets in the archive's end: 4 this part, 8 entries here, 10 entries, 12 length of the directory, 16 where it is.
    [DataRow(4, 1, "one of several parts")]
    [DataRow(8, 2, "one of several parts")]
    [DataRow(12, 46, "which doesn't fit a file")]
    [DataRow(16, 0, "which doesn't fit a file")]
    [DataRow(16, 65000, "which doesn't fit a file")]
    [DataRow(20, 1, "no directory at its end")]
    public void Read_OfAChangedEnd_SaysWhatIsWrong(int field, int value, string expected)
    {
        var bytes = Zips.Archive(uint.MaxValue, ("x", Content));

        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(bytes.Length - 22 + field), (ushort)value);

        StringAssert.Contains(Error(bytes), expected, StringComparison.Ordinal);
    }

    [TestMethod]
    // Offsets in the 64-bit record: 0 its signature, 32 entries, 40 length of the directory, 48 where it is; 84 in the locator: where the record is.
    [DataRow(0, 0UL, "aren't where they should be")]
    [DataRow(32, 2UL, "which doesn't fit a file")]
    [DataRow(32, 0UL, "its directory goes on after them")]
    [DataRow(32, ulong.MaxValue, "which no file has")]
    [DataRow(32, 1UL << 40, "which doesn't fit a file")]
    [DataRow(40, 1UL << 40, "which doesn't fit a file")]
    [DataRow(48, 1UL << 40, "which doesn't fit a file")]
    [DataRow(64, 1UL << 40, "lie outside")]
    public void Read_OfChanged64BitNumbers_SaysWhatIsWrong(int field, ulong value, string expected)
    {
        var bytes = Zips.Archive(0, ("x", Content));

        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(bytes.Length - 22 - 20 - 56 + field), value);

        StringAssert.Contains(Error(bytes), expected, StringComparison.Ordinal);
    }

    [TestMethod]
    public void Read_OfAnEntryInsideOfAnother_IsAnError()
    {
        var inner = Zips.Archive(uint.MaxValue, ("y", Content));
        var bytes = Zips.Archive(uint.MaxValue, ("x", inner), ("y", Content));
        var second = bytes.AsSpan().LastIndexOf("PK\x01\x02"u8);

        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(second + 42), 64);   // where the inner archive begins, with a header for y

        StringAssert.Contains(Error(bytes), "begins at byte 64, inside of another one", StringComparison.Ordinal);
    }

    [TestMethod]
    public void Open_OfADamagedEntry_IsAnError()
    {
        var stored = Zips.Archive(uint.MaxValue, ("x", Content));
        stored[stored.AsSpan().IndexOf(Content)] ^= 1;
        var unchecked_ = Zips.Archive(uint.MaxValue, ("x", Content));
        BinaryPrimitives.WriteUInt32LittleEndian(unchecked_.AsSpan(unchecked_.AsSpan().IndexOf("PK\x01\x02"u8) + 16), 0);   // PyTorch without check sums

        StringAssert.Contains(ReadError(stored, "x"), "is damaged: its check sum is", StringComparison.Ordinal);
        CollectionAssert.AreEqual(Content, Read(unchecked_, "x"));
    }

    [TestMethod]
    [DataRow(99, "goes on after the 99 bytes")]
    [DataRow(101, "ends 1 bytes before the 101")]
    public void Open_OfMoreOrLessThanAnnounced_IsAnErrorBeforeAnythingIsReturned(int announced, string expected)
    {
        var bytes = PyTorch.Pickles.Deflated(("x", [.. Enumerable.Range(0, 100).Select(i => (byte)i)]));
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(bytes.AsSpan().IndexOf("PK\x01\x02"u8) + 24), (uint)announced);
        var directory = new ZipDirectory(new MemoryStream(bytes));

        var e = Assert.ThrowsExactly<InvalidDataException>(() => directory.Open(directory.Entries["x"]));

        StringAssert.Contains(e.Message, expected, StringComparison.Ordinal);
    }

    [TestMethod]
    public void Read_OfAZipBomb_IsAnErrorBeforeItIsUnpacked()
    {
        var bytes = PyTorch.Pickles.Deflated(("x", new byte[1_000_000]));
        var liar = PyTorch.Pickles.Deflated(("x", new byte[1_000_000]));
        BinaryPrimitives.WriteUInt32LittleEndian(liar.AsSpan(liar.AsSpan().IndexOf("PK\x01\x02"u8) + 24), 1000);

        StringAssert.Contains(Error(bytes), "announces 1000000 bytes of compressed content; at most 100 times its length", StringComparison.Ordinal);
        StringAssert.Contains(ReadError(liar, "x"), "goes on after the 1000 bytes", StringComparison.Ordinal);
    }

    private static byte[] Read(byte[] bytes, string name)
    {
        var directory = new ZipDirectory(new MemoryStream(bytes));
        return directory.ReadAll(directory.Entries[name], 10_000_000);
    }

    private static string Error(byte[] bytes) => Assert.ThrowsExactly<InvalidDataException>(() => new ZipDirectory(new MemoryStream(bytes))).Message;

    private static string ReadError(byte[] bytes, string name) => Assert.ThrowsExactly<InvalidDataException>(() => Read(bytes, name)).Message;
}
