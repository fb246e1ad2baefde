namespace MlComponents.Tests.Native;

[TestClass]
public sealed class TorchLibraryTests
{
    private DirectoryInfo root = null!;

    private NativeFolders Folders => new(root.FullName, null, null, "linux-x64");

    [TestInitialize]
    public void CreateFolder() => root = Directory.CreateTempSubdirectory();

    [TestCleanup]
    public void DeleteFolder() => root.Delete(recursive: true);

    [TestMethod]
    public void Load_WhereNothingIs_SaysWhatWhereAndWhatToDo()
    {
        var message = Refusal();

        StringAssert.Contains(message, TorchLibrary.FileNameOf("LibTorchSharp"));
        StringAssert.Contains(message, root.FullName);
        StringAssert.Contains(message, Path.Combine(root.FullName, "runtimes", "linux-x64", "native"));
        StringAssert.Contains(message, $"libtorch-cpu-linux-x64 {TorchVersions.Libtorch}");
        StringAssert.Contains(message, $"TorchSharp-cuda-linux {TorchVersions.TorchSharp}");
    }

    [TestMethod]
    public void Load_WithoutLibtorch_AsksForABackendPackage()
    {
        var library = Write("LibTorchSharp");

        var message = Refusal();

        StringAssert.Contains(message, $"{library} needs {TorchLibrary.FileNameOf("torch")}");
        StringAssert.Contains(message, root.FullName);
        StringAssert.Contains(message, $"libtorch-cpu-linux-x64 {TorchVersions.Libtorch}");
    }

    [TestMethod]
    public void Load_OfADamagedFile_RepeatsTheLoadersWords()
    {
        var library = Write("LibTorchSharp");
        var libtorch = Write("torch");

        var message = Refusal();

        StringAssert.Contains(message, $"{library}, with {libtorch}");
        StringAssert.Contains(message, "The system's loader said: " + (OperatingSystem.IsLinux() ? $"{libtorch}: file too short" : ""));
        Assert.IsFalse(message.Contains("LD_DEBUG", StringComparison.Ordinal), message);
    }

    [TestMethod]
    public void Versions_OfTheBuild_AreNamed()
    {
        Assert.IsTrue(Version.TryParse(TorchVersions.Libtorch, out _), TorchVersions.Libtorch);
        Assert.AreEqual(typeof(torch).Assembly.GetName().Version!.ToString(3), TorchVersions.TorchSharp);
    }

    private string Refusal() => Assert.ThrowsExactly<DllNotFoundException>(() => TorchLibrary.Load(Folders)).Message;

    private string Write(string name)
    {
        var path = Path.Combine(root.FullName, TorchLibrary.FileNameOf(name));
        File.WriteAllText(path, "not a library");
        return path;
    }
}
