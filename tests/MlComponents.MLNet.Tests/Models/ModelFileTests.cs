namespace MlComponents.MLNet.Tests.Models;

[TestClass]
public sealed class ModelFileTests
{
    private readonly MLContext ml = new(seed: 1);
    private readonly string folder = Directory.CreateTempSubdirectory("models-").FullName;

    public TestContext TestContext { get; set; } = null!;

    [TestCleanup]
    public void DeleteFolder() => Directory.Delete(folder, recursive: true);

    [TestMethod]
    public void Load_InTheSameProcess_GivesTheSameScores()
    {
        var path = Path.Combine(folder, "model.zip");
        var model = Blobs.Pipeline(ml).Fit(Blobs.View(ml));

        ml.Model.Save(model, Blobs.View(ml).Schema, path);
        var loaded = new MLContext().Model.Load(path, out var schema);

        Assert.IsNotNull(schema.GetColumnOrNull("Features"));
        CollectionAssert.AreEqual(ScoreText.Of(model.Transform(Blobs.View(ml))).ToArray(), ScoreText.Of(loaded.Transform(Blobs.View(ml))).ToArray());
    }
}
