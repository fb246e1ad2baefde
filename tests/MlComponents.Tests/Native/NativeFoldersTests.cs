namespace MlComponents.Tests.Native;

[TestClass]
public sealed class NativeFoldersTests
{
    private static readonly string Root = Path.Combine(Path.GetTempPath(), "somewhere");

    [TestMethod]
    public void InOrder_OfAnApplication_IsTheRuntimesListThenItsOwnFolders()
    {
        var app = Path.Combine(Root, "app") + Path.DirectorySeparatorChar;
        var listed = Path.Combine(Root, "framework") + Path.DirectorySeparatorChar + Path.PathSeparator;

        var folders = new NativeFolders(app, listed, Path.Combine(Root, "plugin"), "linux-x64");

        CollectionAssert.AreEqual(
            new[] { "framework", "app", "app/runtimes/linux-x64/native", "plugin", "plugin/runtimes/linux-x64/native" }
                .Select(Below).ToArray(),
            folders.InOrder.ToArray());
        Assert.IsFalse(folders.InPackageFolder);
    }

    [TestMethod]
    public void InOrder_WhereFoldersRepeat_NamesEachOnce()
    {
        var folders = new NativeFolders(Root, Root + Path.DirectorySeparatorChar, Root, "linux-x64");

        CollectionAssert.AllItemsAreUnique(folders.InOrder.ToArray());
        Assert.HasCount(2, folders.InOrder);
    }

    [TestMethod]
    public void InOrder_InASingleFileApplication_DoesWithoutTorchSharpsFolder() =>
        Assert.HasCount(2, new NativeFolders(Root, RuntimeFolders: null, TorchSharpFolder: null, "linux-x64").InOrder);

    [TestMethod]
    public void InOrder_FromNuGetsFolder_NamesBothPackages()
    {
        var folders = new NativeFolders(Root, null, Below("packages/torchsharp/0.107.0/lib/net8.0"), "linux-x64");

        Assert.IsTrue(folders.InPackageFolder);
        CollectionAssert.IsSubsetOf(
            new[]
            {
                Below("packages/torchsharp/0.107.0/runtimes/linux-x64/native"),
                Below($"packages/libtorch-cpu-linux-x64/{TorchVersions.Libtorch}/runtimes/linux-x64/native"),
            },
            folders.InOrder.ToArray());
    }

    [TestMethod]
    public void Find_OfAFileInTwoFolders_TakesTheFirst()
    {
        var root = Directory.CreateTempSubdirectory();
        try
        {
            var native = root.CreateSubdirectory("runtimes/linux-x64/native").FullName;
            var folders = new NativeFolders(root.FullName, null, null, "linux-x64");
            Assert.IsNull(folders.Find("libx.so"));

            File.WriteAllText(Path.Combine(native, "libx.so"), "");
            Assert.AreEqual(Path.Combine(native, "libx.so"), folders.Find("libx.so"));

            File.WriteAllText(Path.Combine(root.FullName, "libx.so"), "");
            Assert.AreEqual(Path.Combine(root.FullName, "libx.so"), folders.Find("libx.so"));
        }
        finally
        {
            root.Delete(recursive: true);
        }
    }

    private static string Below(string path) => Path.GetFullPath(Path.Combine(Root, path));
}
