namespace MlComponents.Tests.Metrics.Classification;

[TestClass]
public sealed class TopKAccuracyTests
{
    [TestMethod]
    public void Compute_OfEqualScores_PrefersTheEarlierClass()
    {
        using var scope = NewDisposeScope();
        using var metric = new TopKAccuracy { K = 2 }.Create(4);
        var scores = tensor(new[] { 1f, 3f, 1f, 1f }).expand(4, 4);   // ranks: 1, 0, 2, 3

        metric.Update(scores, tensor(new long[] { 0, 1, 2, 3 }), tensor(new[] { 1f, 2f, 4f, 8f }));

        Assert.AreEqual("top-2-accuracy", metric.Name);
        Assert.AreEqual((1 + 2) / 15.0, metric.Compute(), 1e-15);
    }

    [TestMethod]
    public void Compute_OfScoresThatAreNaNOrLabelsOfNoClass_CountsErrors()
    {
        using var scope = NewDisposeScope();
        using var metric = new TopKAccuracy { K = 3 }.Create(3);

        metric.Update(tensor(new[] { float.NaN, float.NaN, float.NaN, 1f, 2f, 3f, 1f, 2f, 3f, 1f, 2f, 3f }, 4, 3), tensor(new long[] { 1, 7, -1, 0 }), null);

        Assert.AreEqual(1 / 4.0, metric.Compute());
    }

    [TestMethod]
    public void Create_OfMoreClassesThanThereAre_IsRefused()
    {
        var error = Assert.ThrowsExactly<ArgumentException>(() => new TopKAccuracy().Create(3));
        var binary = Assert.ThrowsExactly<ArgumentException>(() => new TopKAccuracy { K = 1 }.Create(1));

        Assert.AreEqual("TopKAccuracy has a K of 5, but there are 3 classes: give a K of at most 3.", error.Message);
        Assert.AreEqual("TopKAccuracy ranks the scores of classes, but the network has 1 output: use Accuracy.", binary.Message);
    }
}
