namespace MlComponents.Tests.Native;

[TestClass]
public sealed class OlderLibStdCxxTests
{
    [TestMethod]
    [RequiresLinuxX64]
    public void Adapt_OfTorchSharpsLibrary_ChangesTwoBytes()
    {
        var original = File.ReadAllBytes(RealLibrary.Path);

        var adapted = OlderLibStdCxx.Adapt([.. original], "real");

        Assert.AreEqual(2, original.Zip(adapted).Count(pair => pair.First != pair.Second));
        Assert.HasCount(original.Length, adapted);
    }

    [TestMethod]
    public void Adapt_OfALibraryThatCallsSomethingOfThatVersion_NamesItAndWhereItIs()
    {
        var library = TinyLibrary.Of((OlderLibStdCxx.Anchor, OlderLibStdCxx.Version), ("needed", OlderLibStdCxx.Version));

        var error = Assert.ThrowsExactly<DllNotFoundException>(() => OlderLibStdCxx.Adapt(library, "tiny.so"));

        StringAssert.Contains(error.Message, "'tiny.so' uses needed of GLIBCXX_3.4.32");
        StringAssert.Contains(error.Message, "Debian 13");
    }

    [TestMethod]
    [RequiresLinuxX64]
    public void Load_OfALibraryThatNothingCanLoad_SaysWhatTheLoaderSaid()
    {
        var path = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(path, TinyLibrary.Of((OlderLibStdCxx.Anchor, OlderLibStdCxx.Version)));

            Assert.ThrowsExactly<DllNotFoundException>(() => OlderLibStdCxx.Load(path));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [TestMethod]
    [DataRow("libstdc++.so.6: version `GLIBCXX_3.4.32' not found", true)]
    [DataRow("libc10.so: cannot open shared object file", false)]
    [RequiresLinuxX64]
    public void Explains_ARefusal_OnlyOfThatVersion(string words, bool expected) =>
        Assert.AreEqual(expected, OlderLibStdCxx.Explains(new DllNotFoundException(words)));

    [TestMethod]
    [RequiresLibStdCxx(older: true)]
    public void Library_OnAnOlderSystem_LivesInMemory()
    {
        NativeLibraries.EnsureLoaded();

        StringAssert.Contains(File.ReadAllText("/proc/self/maps"), "/memfd:libLibTorchSharp.so");
    }

    [TestMethod]
    [RequiresLibStdCxx(older: false)]
    public void Library_OnANewerSystem_IsTheFileItself()
    {
        NativeLibraries.EnsureLoaded();

        var maps = File.ReadAllText("/proc/self/maps");
        StringAssert.Contains(maps, "/libLibTorchSharp.so");
        Assert.IsFalse(maps.Contains("/memfd:libLibTorchSharp.so", StringComparison.Ordinal), maps);
    }
}
