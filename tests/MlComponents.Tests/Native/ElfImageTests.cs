using System.Runtime.InteropServices;

namespace MlComponents.Tests.Native;

[TestClass]
public sealed class ElfImageTests
{
    private static byte[] Library => TinyLibrary.Of(("anchor", "NEW"), ("print", "OLD"), ("read", "OLD"));

    [TestMethod]
    public void SymbolsOf_AVersion_NamesItsSymbolsOnly()
    {
        var image = new ElfImage(Library, "tiny");

        CollectionAssert.AreEqual(new[] { "anchor" }, image.SymbolsOf("NEW").ToArray());
        CollectionAssert.AreEqual(new[] { "print", "read" }, image.SymbolsOf("OLD").ToArray());
        Assert.IsEmpty(image.SymbolsOf("NONE"));
    }

    [TestMethod]
    public void WeakenVersion_OfANeededOne_ChangesItsFlagAlone()
    {
        var bytes = Library;

        Assert.IsTrue(new ElfImage(bytes, "tiny").WeakenVersion("OLD"));

        var (before, after) = Assert.ContainsSingle(Changes(Library, bytes));
        Assert.AreEqual(0, before);
        Assert.AreEqual(ElfNeededVersion.WeakFlag, after);
    }

    [TestMethod]
    public void WeakenSymbol_OfAnImportedOne_ChangesItsBindingAlone()
    {
        var bytes = Library;

        Assert.IsTrue(new ElfImage(bytes, "tiny").WeakenSymbol("print"));

        var (before, after) = Assert.ContainsSingle(Changes(Library, bytes));
        Assert.AreEqual(0x12, before);   // a global function
        Assert.AreEqual(0x22, after);    // a weak function
    }

    [TestMethod]
    public void Weaken_OfUnknownNames_ChangesNothing()
    {
        var bytes = Library;
        var image = new ElfImage(bytes, "tiny");

        Assert.IsFalse(image.WeakenVersion("NONE"));
        Assert.IsFalse(image.WeakenSymbol("prin"));
        CollectionAssert.AreEqual(Library, bytes);
    }

    [TestMethod]
    public void Constructor_OfAFileCutAnywhere_SaysSo()
    {
        var whole = Library;

        for (var length = 0; length < whole.Length; length++)
            Assert.ThrowsExactly<BadImageFormatException>(() => new ElfImage(whole[..length], "tiny"), $"{length} bytes");
    }

    [TestMethod]
    [DataRow(0, (byte)'M', "does not start with the ELF signature")]
    [DataRow(4, (byte)1, "not a 64-bit little-endian file")]
    [DataRow(5, (byte)2, "not a 64-bit little-endian file")]
    [DataRow(16, (byte)2, "of type 2, not a shared library (3)")]
    [DataRow(18, (byte)183, "for machine 183, not for x86-64 (62)")]
    [DataRow(58, (byte)40, "its section headers have 40 bytes each")]
    [DataRow(60, (byte)1, "no section of dynamic symbols")]
    public void Constructor_OfAnotherKindOfFile_SaysWhatItIs(int position, byte value, string expected)
    {
        var bytes = Library;
        bytes[position] = value;

        var error = Assert.ThrowsExactly<BadImageFormatException>(() => new ElfImage(bytes, "tiny"));

        StringAssert.Contains(error.Message, "'tiny'");
        StringAssert.Contains(error.Message, expected);
    }

    [TestMethod]
    public void Methods_OnAnyDamagedByte_WorkOrSaySo()
    {
        foreach (var value in new byte[] { 0x00, 0x01, 0x7f, 0xff })
            for (var position = 0; position < Library.Length; position++)
            {
                var bytes = Library;
                bytes[position] = value;
                try
                {
                    var image = new ElfImage(bytes, "tiny");
                    image.SymbolsOf("OLD");
                    image.WeakenVersion("OLD");
                    image.WeakenSymbol("read");
                }
                catch (BadImageFormatException)
                {
                    // Any other exception, or none ever, fails the test.
                }
            }
    }

    [TestMethod]
    [RequiresLinuxX64]
    public void SymbolsOf_TorchSharpsLibrary_IsTheAnchorToWhichNothingRefers()
    {
        var bytes = File.ReadAllBytes(RealLibrary.Path);

        var symbols = new ElfImage(bytes, "real").SymbolsOf(OlderLibStdCxx.Version);

        CollectionAssert.AreEqual(new[] { OlderLibStdCxx.Anchor }, symbols.ToArray());
        Assert.DoesNotContain(RealLibrary.IndexOfAnchor(bytes), RealLibrary.RelocatedSymbols(bytes));
    }

    private static (byte Before, byte After)[] Changes(byte[] before, byte[] after) =>
        [.. before.Zip(after).Where(pair => pair.First != pair.Second)];
}
