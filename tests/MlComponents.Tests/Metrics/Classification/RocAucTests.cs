namespace MlComponents.Tests.Metrics.Classification;

[TestClass]
public sealed class RocAucTests
{
    [TestMethod]
    [DataRow(new[] { 1f, 2f, 3f, 4f }, new[] { 0f, 0f, 1f, 1f }, 1.0)]
    [DataRow(new[] { 4f, 3f, 2f, 1f }, new[] { 0f, 0f, 1f, 1f }, 0.0)]
    [DataRow(new[] { 0f, 0f, 0f, 0f }, new[] { 0f, 1f, 0f, 1f }, 0.5)]
    [DataRow(new[] { 0.1f, 0.4f, 0.35f, 0.8f }, new[] { 0f, 0f, 1f, 1f }, 0.75)]   // the example of scikit-learn's documentation
    [DataRow(new[] { 1f, 1f, 2f, 0f }, new[] { 1f, 0f, 0f, 0f }, 1.5 / 3)]         // a tie, a loss, a win
    [DataRow(new[] { float.NegativeInfinity, 0f, float.PositiveInfinity, 0f }, new[] { 0f, 1f, 1f, 0f }, 3.5 / 4)]
    [DataRow(new[] { 1f, 2f, 3f, 4f }, new[] { 1f, 1f, 1f, 1f }, double.NaN)]      // no pair
    [DataRow(new[] { 1f, float.NaN, 3f, 4f }, new[] { 0f, 0f, 1f, 1f }, double.NaN)]
    public void Compute_OfOneOutput_IsTheShareOfPairsInOrder(float[] scores, float[] labels, double expected)
    {
        using var scope = NewDisposeScope();
        using var metric = new RocAuc().Create(1);

        metric.Update(tensor(scores[..3]), tensor(labels[..3]), null);
        metric.Update(tensor(scores[3..]).unsqueeze(1), tensor(labels[3..]), null);

        Assert.AreEqual(expected, metric.Compute(), 1e-15);
    }

    [TestMethod]
    public void Compute_OfAnIgnoredLabelOrAWeightOfZero_TakesNoNoticeOfItsScore()
    {
        using var scope = NewDisposeScope();
        using var metric = new RocAuc { IgnoreIndex = 7 }.Create(1);

        metric.Update(tensor(new[] { 1f, float.NaN, 3f, float.NaN }), tensor(new[] { 0f, 7f, 1f, 1f }), tensor(new[] { 1f, 1f, 1f, 0f }));

        Assert.AreEqual(1, metric.Compute());
    }

    [TestMethod]
    public void Compute_OfClassesOfWhichOneIsMissing_IsTheMeanOfTheOthers()
    {
        using var scope = NewDisposeScope();
        using var metric = new RocAuc().Create(3);

        // Class 0 against the rest: right in 1 of 2 pairs; class 1: right in 1 of 2; class 2 has no label.
        metric.Update(tensor(new[] { 2f, 0f, -9f, 0f, 1f, -9f, 4f, 1f, -9f }, 3, 3), tensor(new long[] { 0, 1, 1 }), null);

        Assert.AreEqual(0.5, metric.Compute(), 1e-15);
    }

    [TestMethod]
    public void Compute_OfScoresWhoseSoftmaxIsNearOne_StillRanksThem()
    {
        using var scope = NewDisposeScope();
        using var metric = new RocAuc().Create(2);

        metric.Update(tensor(new[] { 20f, 0f, 25f, 0f, 30f, 0f }, 3, 2).flip(1), tensor(new long[] { 0, 1, 1 }), null);

        Assert.AreEqual(1, metric.Compute(), 1e-15);
    }
}
