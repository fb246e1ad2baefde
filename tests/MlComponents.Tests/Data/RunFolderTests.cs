namespace MlComponents.Tests.Data;

[TestClass]
public sealed class RunFolderTests
{
    private readonly string root = Directory.CreateTempSubdirectory().FullName;

    [TestCleanup]
    public void Delete() => Directory.Delete(root, recursive: true);

    [TestMethod]
    public void All_OfSeveralRuns_BeginsWithTheNewestAndLeavesOutOtherFolders()
    {
        foreach (var name in new[] { "20261123T141313Z-2", "20261123T141313Z", "20261123T141313Z-10", "20261124T000000Z", ".0123", "mine" })
            Directory.CreateDirectory(Path.Combine(root, "digits", name));

        var names = RunFolder.All(root, "digits").Select(folder => Path.GetFileName(folder.Path)).ToArray();

        CollectionAssert.AreEqual(new[] { "20261124T000000Z", "20261123T141313Z-10", "20261123T141313Z-2", "20261123T141313Z" }, names);
    }

    [TestMethod]
    public void All_WhereThereIsNoRun_IsEmpty() => Assert.IsEmpty(RunFolder.All(root, "digits"));

    [TestMethod]
    public void Use_OfAFolderWithAModel_IsAnError()
    {
        File.WriteAllText(Path.Combine(root, "model.zip"), "a model");

        var error = Assert.ThrowsExactly<IOException>(() => RunFolder.Use(root));

        Assert.AreEqual($"The folder {root} holds another run's model.zip, which is never overwritten: choose another folder, or move the file away.", error.Message);
    }

    [TestMethod]
    public void Resume_OfAFolderWithAModel_RemovesPartsOfFilesAndNothingElse()
    {
        foreach (var name in new[] { "model.zip", "mine.tmp", $"model.zip.{Guid.NewGuid():N}.tmp" })
            File.WriteAllText(Path.Combine(root, name), "text");

        var folder = RunFolder.Resume(root);

        Assert.IsTrue(folder.HasModel);
        CollectionAssert.AreEquivalent(new[] { "model.zip", "mine.tmp" }, Directory.GetFiles(root).Select(Path.GetFileName).ToArray());
    }

    [TestMethod]
    [DataRow("step-00000012", true)]
    [DataRow("step-00000012.0123456789abcdef0123456789abcdef.tmp", false)]
    public void HasCheckpoint_CountsWholeOnes(string name, bool expected)
    {
        var folder = RunFolder.Use(root);
        Directory.CreateDirectory(Path.Combine(folder.CheckpointsPath, name));

        Assert.AreEqual(expected, folder.HasCheckpoint);
    }
}
