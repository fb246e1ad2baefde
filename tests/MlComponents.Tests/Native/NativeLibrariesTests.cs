namespace MlComponents.Tests.Native;

[TestClass]
public sealed class NativeLibrariesTests
{
    private DirectoryInfo root = null!;

    [TestInitialize]
    public void CreateFolder() => root = Directory.CreateTempSubdirectory();

    [TestCleanup]
    public void DeleteFolder() => root.Delete(recursive: true);

    [TestMethod]
    public async Task FirstLine_OfTorchSharp_RunsAndLeavesNothingBehind()
    {
        var outcome = await LoadProbe.RunAsync(LoadProbe.Folder, temporary: root.FullName);

        AssertWorked(outcome);
        Assert.IsEmpty(root.EnumerateFileSystemInfos().Select(item => item.Name), "left in the temporary folder");
        AssertNoCopy(LoadProbe.Folder);
    }

    [TestMethod]
    public async Task FirstLine_InFourProcessesAtOnce_RunsInEach()
    {
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => LoadProbe.RunAsync(LoadProbe.Folder, root.FullName)));

        foreach (var outcome in outcomes)
            AssertWorked(outcome);
    }

    [TestMethod]
    [RequiresLinuxX64]
    public async Task FirstLine_WithTheLibrariesBesideTheApplication_Runs()
    {
        LoadProbe.CopyManaged(root.FullName);
        LoadProbe.LinkNatives(root.FullName);

        AssertWorked(await LoadProbe.RunAsync(root.FullName));
        AssertNoCopy(root.FullName);
    }

    // The runtime itself does not look there, so that TorchSharp by itself would take a libtorch of the system's, if it has one.
    [TestMethod]
    [RequiresLinuxX64]
    public async Task EnsureLoaded_WithTheLibrariesBelowRuntimesAndNoListOfDependencies_LetsTorchSharpRun()
    {
        LoadProbe.CopyManaged(root.FullName);
        LoadProbe.LinkNatives(root.CreateSubdirectory("runtimes/linux-x64/native").FullName);

        AssertWorked(await LoadProbe.RunAsync(root.FullName, arguments: "ensure"));
        AssertNoCopy(root.FullName);
    }

    [TestMethod]
    public async Task FirstLine_WithoutTheLibraries_FailsWithOurMessage()
    {
        LoadProbe.CopyManaged(root.FullName);

        var outcome = await LoadProbe.RunAsync(root.FullName);

        Assert.AreNotEqual(0, outcome.ExitCode);
        Assert.AreEqual("", outcome.Output, "TorchSharp's own explanation");
        AssertExplained(outcome.Error);
        AssertNoCopy(root.FullName);
    }

    [TestMethod]
    public async Task EnsureLoaded_WithoutTheLibraries_ThrowsOurMessage()
    {
        LoadProbe.CopyManaged(root.FullName);

        var outcome = await LoadProbe.RunAsync(root.FullName, arguments: "ensure");

        Assert.AreEqual(3, outcome.ExitCode, outcome.Error);
        AssertExplained(outcome.Output);
        AssertNoCopy(root.FullName);
    }

    [TestMethod]
    public async Task EnsureLoaded_WithTheLibraries_LetsTorchSharpRun() =>
        AssertWorked(await LoadProbe.RunAsync(LoadProbe.Folder, arguments: "ensure"));

    [TestMethod]
    public void EnsureLoaded_Again_DoesNothing()
    {
        NativeLibraries.Register();
        NativeLibraries.EnsureLoaded();
        NativeLibraries.EnsureLoaded();

        Assert.AreEqual(3f, ones(3).sum().item<float>());
    }

    private void AssertExplained(string text)
    {
        StringAssert.Contains(text, TorchLibrary.FileNameOf("LibTorchSharp"));
        StringAssert.Contains(text, root.FullName);
        StringAssert.Contains(text, "backend package: libtorch-cpu-");
    }

    private static void AssertWorked(ChildProcess.Outcome outcome)
    {
        Assert.AreEqual(0, outcome.ExitCode, outcome.Error);
        Assert.AreEqual("sum 3", outcome.Output.Trim());
        Assert.AreEqual("", outcome.Error);
    }

    // The folders into which TorchSharp copies libtorch when it cannot load it.
    private static void AssertNoCopy(string folder) =>
        Assert.IsEmpty(Directory.EnumerateDirectories(folder, "cpu").Concat(Directory.EnumerateDirectories(folder, "cuda-*")));
}
