namespace MlComponents.Tests.Metrics.Classification;

[TestClass]
public sealed class ConfusionMatrixTests
{
    [TestMethod]
    public void Counts_OfAFewRows_HaveARowPerLabelAndAColumnPerPrediction()
    {
        using var scope = NewDisposeScope();
        using var matrix = new ConfusionMatrix(outputs: 3, ignoreIndex: 9);

        matrix.Update(Scores(0, 2, 2, 1), tensor(new long[] { 0, 1, 1, 9 }));
        matrix.Update(Scores(1), tensor(new long[] { 2 }), tensor(new[] { 0.5f }));

        TensorAssert.AreClose(tensor(new long[] { 1, 0, 0, 0, 0, 2, 0, 1, 0 }, 3, 3), matrix.Counts(), 0);
        TensorAssert.AreClose(tensor(new[] { 1.0, 0, 0, 0, 0, 2, 0, 0.5, 0 }, 3, 3), matrix.Sums(), 0);
    }

    [TestMethod]
    public void Counts_OfNothing_AreZeros()
    {
        using var scope = NewDisposeScope();
        using var matrix = new ConfusionMatrix(outputs: 1);

        Assert.AreEqual(2, matrix.Classes);
        TensorAssert.AreClose(zeros(2, 2), matrix.Counts(), 0);
        TensorAssert.AreClose(zeros(2, 2), matrix.Sums(), 0);
    }

    [TestMethod]
    public void Update_AndReading_LeaveOnlyTheirResults()
    {
        using var scope = NewDisposeScope();
        using var matrix = new ConfusionMatrix(outputs: 3);
        var (x, t, w) = (Scores(0, 1), zeros(2, ScalarType.Int64), ones(2));

        TensorAssert.LeavesOnly(0, () => matrix.Update(x, t));
        TensorAssert.LeavesOnly(0, () => matrix.Update(x, t, w));
        TensorAssert.LeavesOnly(1, () => matrix.Counts());
        TensorAssert.LeavesOnly(1, () => matrix.Sums());
    }

    [TestMethod]
    public void Counts_WithLabelsOfNoClass_SayHowManyAndWhatIsAllowed()
    {
        using var scope = NewDisposeScope();
        using var matrix = new ConfusionMatrix(outputs: 3);
        using var ignoring = new ConfusionMatrix(outputs: 3, ignoreIndex: 9);
        using var metric = new MeanIoU { IgnoreIndex = 9 }.Create(3);

        matrix.Update(Scores(0, 1, 2), tensor(new long[] { 3, -1, 1 }));
        ignoring.Update(Scores(0, 1, 2), tensor(new long[] { 3, 9, 1 }));
        metric.Update(Scores(0, 1, 2), tensor(new long[] { 3, 9, 1 }), zeros(3));

        var error = Assert.ThrowsExactly<InvalidDataException>(() => matrix.Counts());
        var other = Assert.ThrowsExactly<InvalidDataException>(() => ignoring.Sums());
        var own = Assert.ThrowsExactly<InvalidDataException>(() => metric.Compute());
        Assert.AreEqual(
            "The confusion matrix was given labels that stand for no class, 2 of them: with 3 classes a label is at least 0 and at most 2; IgnoreIndex names one that is to be left out.", error.Message);
        Assert.AreEqual("The confusion matrix was given labels that stand for no class, 1 of them: with 3 classes a label is at least 0 and at most 2, or the ignored 9.", other.Message);
        Assert.StartsWith("The metric 'mean-iou' was given labels that stand for no class, 1 of them", own.Message);
    }

    [TestMethod]
    public void Constructor_WithoutOutputs_IsRefused() => Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new ConfusionMatrix(0));

    [TestMethod]
    public void Dispose_Twice_FreesTheCounts()
    {
        using var scope = NewDisposeScope();
        var (x, t, w) = (Scores(0, 1), zeros(2, ScalarType.Int64), ones(2));
        var matrix = new ConfusionMatrix(outputs: 3);
        var before = TensorAssert.LiveCount();

        matrix.Update(x, t, w);
        var during = Tensor.TotalCount;
        matrix.Dispose();
        matrix.Dispose();

        Assert.AreEqual(before + 2, during);
        Assert.AreEqual(before, Tensor.TotalCount);
    }

    /// <summary>Scores of three classes that predict the given ones.</summary>
    private static Tensor Scores(params long[] predictions) => nn.functional.one_hot(tensor(predictions), 3).to(ScalarType.Float32);
}
