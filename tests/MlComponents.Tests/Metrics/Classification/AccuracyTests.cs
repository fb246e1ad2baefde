namespace MlComponents.Tests.Metrics.Classification;

[TestClass]
public sealed class AccuracyTests
{
    [TestMethod]
    public void Accuracy_OfRaggedBatches_IsTheShareOfRightExamples()
    {
        using var scope = NewDisposeScope();
        using var metric = new Accuracy().Create(2);

        metric.Update(tensor(new[] { 0.1f, 0.9f, 0.8f, 0.2f, 3f, 4f }, 3, 2), tensor(new long[] { 1, 1, 1 }), null);   // right, wrong, right
        metric.Update(tensor(new[] { -1f, -2f }, 1, 2), tensor(new long[] { 0 }), null);                               // right

        Assert.AreEqual(3 / 4.0, metric.Compute());
    }

    [TestMethod]
    public void Accuracy_WithWeights_CountsThem()
    {
        using var scope = NewDisposeScope();
        using var metric = new Accuracy().Create(2);

        metric.Update(tensor(new[] { 1f, 0f, 1f, 0f }, 2, 2), tensor(new long[] { 0, 1 }), tensor(new[] { 3f, 1f }));   // right, wrong
        metric.Update(tensor(new[] { 0f, 1f }, 1, 2), tensor(new long[] { 1 }), null);                                  // right

        Assert.AreEqual((3 + 1) / 5.0, metric.Compute());
    }

    [TestMethod]
    public void Accuracy_WithAnIgnoredLabel_LeavesItOutOfBothSums()
    {
        using var scope = NewDisposeScope();
        using var plain = new Accuracy().Create(2);
        using var ignoring = new Accuracy { IgnoreIndex = 255 }.Create(2);

        foreach (var metric in new[] { plain, ignoring })
            metric.Update(tensor(new[] { 1f, 0f, 1f, 0f, 0f, 1f }, 3, 2), tensor(new long[] { 0, 255, 0 }), null);   // right, ignored, wrong

        Assert.AreEqual(1 / 3.0, plain.Compute(), 1e-15);   // a label of no class is an error
        Assert.AreEqual(1 / 2.0, ignoring.Compute());
    }

    [TestMethod]
    public void Accuracy_OfSoftTargets_ComparesWithTheLargest()
    {
        using var scope = NewDisposeScope();
        using var metric = new Accuracy { IgnoreIndex = 0 }.Create(3);

        metric.Update(eye(3), tensor(new[] { 0.6f, 0.2f, 0.2f, 0.1f, 0.5f, 0.4f, 0.9f, 0.1f, 0f }, 3, 3), null);   // right, right, wrong
        metric.Update(ones(1, 3), zeros(1, 3), null);                                                              // ignored

        Assert.AreEqual(2 / 3.0, metric.Compute(), 1e-15);
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void BinaryAccuracy_OfLogits_SplitsThemAtZero(bool hasColumn)
    {
        using var scope = NewDisposeScope();
        using var metric = new BinaryAccuracy().Create(1);
        var logits = tensor(new[] { 0.1f, -0.1f, 0f });

        metric.Update(hasColumn ? logits.unsqueeze(1) : logits, tensor(new[] { 1f, 1f, 0f }), null);   // right, wrong, right
        metric.Update(tensor(new[] { -7f }), tensor(new[] { false }), null);                           // right

        Assert.AreEqual(3 / 4.0, metric.Compute());
    }

    [TestMethod]
    public void BinaryAccuracy_OfSeveralLabelsPerExample_IsTheShareOfRightAnswers()
    {
        using var scope = NewDisposeScope();
        using var metric = new BinaryAccuracy().Create(3);

        metric.Update(tensor(new[] { 1f, -1f, 1f, -1f, -1f, 1f }, 2, 3), tensor(new[] { 1f, 0f, 0f, 0f, 0f, 0f }, 2, 3), tensor(new[] { 1f, 3f }));   // 2 of 3, 2 of 3 thrice

        Assert.AreEqual((2 + 3 * 2) / 12.0, metric.Compute(), 1e-15);
    }

    [TestMethod]
    public void Update_OfClassScoresThatDontFit_SaysWhatIsAllowed()
    {
        using var scope = NewDisposeScope();
        using var metric = new Accuracy().Create(3);

        var classes = Assert.ThrowsExactly<ArgumentException>(() => metric.Update(randn(4, 2), zeros(4, ScalarType.Int64), null));
        var dtype = Assert.ThrowsExactly<ArgumentException>(() => metric.Update(randn(4, 3), zeros(4), null));
        using var binary = new Accuracy().Create(1);
        var broadcast = Assert.ThrowsExactly<ArgumentException>(() => binary.Update(randn(4), zeros(4, 1), null));

        Assert.AreEqual("The metric 'accuracy' can't compare outputs [4, 2] with labels [4]: it takes 3 scores per label, [N, 3, ...].", classes.Message);
        Assert.AreEqual(
            "The metric 'accuracy' can't compare outputs [4, 3] with labels [4]: labels are class indices, Int64 [N, ...] for scores [N, 3, ...], "
            + "or soft targets in the scores' shape, but these are Float32.", dtype.Message);
        Assert.AreEqual(
            "The metric 'accuracy' can't compare outputs [4] with labels [4, 1]: it takes one number per label, [N, ...] or [N, 1, ...] for labels [N, ...].", broadcast.Message);
    }
}
