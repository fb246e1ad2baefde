namespace MlComponents.Tests.Metrics.Classification;

[TestClass]
public sealed class PrecisionRecallBinsTests
{
    private const int Rows = 60;

    [TestMethod]
    public void Curve_OfProbabilitiesOnAndBetweenThresholds_IsCountedByHand()
    {
        using var scope = NewDisposeScope();
        using var bins = new PrecisionRecallBins(outputs: 1, thresholds: 3);
        var probability = tensor(new[] { 0.2, 0.5, 0.5, 0.7, 1.0 });

        bins.Update(probability.logit(), tensor(new[] { 1f, 0f, 1f, 1f, 1f }));

        CollectionAssert.AreEqual(new[] { 0, 0.5, 1 }, bins.Thresholds.ToArray());
        CollectionAssert.AreEqual(
            new PrecisionRecallPoint[] { new(0, 4.0 / 5, 1, 4, 1), new(0.5, 3.0 / 4, 3.0 / 4, 3, 1), new(1, 1, 1.0 / 4, 1, 0), new(double.PositiveInfinity, 1, 0, 0, 0) },
            bins.Curve(1).Points.ToArray());
        Assert.AreEqual(0.25 * 0.8 + 0.5 * 0.75 + 0.25, bins.Curve(1).AveragePrecision, 1e-15);
        Assert.AreEqual(new(0.5, 1.0 / 3, 1, 1, 2), bins.Curve(0).Points[1]);   // the other class has the rest of the probability
    }

    [TestMethod]
    public void Curve_OfBatches_HasTheExactCurvesCountsAtItsThresholds()
    {
        using var scope = NewDisposeScope();
        using var bins = new PrecisionRecallBins(outputs: 3, thresholds: 11, ignoreIndex: 7);
        var (x, label, weight) = Example();

        foreach (var rows in new[] { 0..1, 1..1, 1..40, 40..Rows })
            bins.Update(x[rows], label[rows], weight[rows]);

        var counted = weight * label.ne(7);
        for (var c = 0; c < 3; c++)
        {
            var exact = PrecisionRecallCurve.Compute(x.to(ScalarType.Float64).softmax(1).select(1, c), label.eq(c), counted);
            foreach (var point in bins.Curve(c).Points)
            {
                var expected = exact.Points.First(other => other.Threshold >= point.Threshold);
                Assert.AreEqual(expected.TruePositives, point.TruePositives, 1e-9, $"class {c} at {point.Threshold}");
                Assert.AreEqual(expected.FalsePositives, point.FalsePositives, 1e-9, $"class {c} at {point.Threshold}");
            }
            Assert.AreEqual(exact.Positives, bins.Curve(c).Positives, 1e-9);
            Assert.AreEqual(exact.Negatives, bins.Curve(c).Negatives, 1e-9);
        }
    }

    [TestMethod]
    public void AveragePrecision_WithManyThresholds_IsCloseToTheExactOne()
    {
        using var scope = NewDisposeScope();
        using var bins = new PrecisionRecallBins(outputs: 3, thresholds: 2001);
        var (x, label, _) = Example();

        bins.Update(x, label);

        Assert.AreEqual(PrecisionRecallCurve.Compute(x.softmax(1).select(1, 2), label.eq(2)).AveragePrecision, bins.Curve(2).AveragePrecision, 0.01);
    }

    [TestMethod]
    public void Curve_BeforeAnyRow_HasNoRecall()
    {
        using var bins = new PrecisionRecallBins(outputs: 2);

        Assert.HasCount(128, bins.Curve(0).Points);
        Assert.AreEqual(double.NaN, bins.Curve(0).AveragePrecision);
    }

    [TestMethod]
    public void Curve_OfScoresThatAreNoNumbers_NeverFindsTheirElements()
    {
        using var scope = NewDisposeScope();
        using var bins = new PrecisionRecallBins(outputs: 1);

        bins.Update(tensor(new[] { float.NaN, 1f }), ones(2));

        Assert.AreEqual((2, 1, 0.5), (bins.Curve(1).Positives, bins.Curve(1).Points[0].TruePositives, bins.Curve(1).AveragePrecision));
    }

    [TestMethod]
    public void Update_AndCurve_LeaveNoTensors()
    {
        using var scope = NewDisposeScope();
        using var bins = new PrecisionRecallBins(outputs: 3);
        var (x, label, weight) = Example();

        TensorAssert.LeavesOnly(0, () => bins.Update(x, label));
        TensorAssert.LeavesOnly(0, () => bins.Update(x, label, weight));
        TensorAssert.LeavesOnly(0, () => bins.Curve(1));
    }

    [TestMethod]
    public void Dispose_Twice_FreesTheCounts()
    {
        using var scope = NewDisposeScope();
        var (x, label, _) = Example();
        var bins = new PrecisionRecallBins(outputs: 3);
        var before = TensorAssert.LiveCount();

        bins.Update(x, label);
        bins.Dispose();
        bins.Dispose();

        Assert.AreEqual(before, Tensor.TotalCount);
    }

    [TestMethod]
    public void BadInput_IsRefused()
    {
        using var scope = NewDisposeScope();
        using var bins = new PrecisionRecallBins(outputs: 3);

        var index = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => bins.Curve(3));
        var shapes = Assert.ThrowsExactly<ArgumentException>(() => bins.Update(zeros(2, 4), zeros(2, ScalarType.Int64)));

        Assert.StartsWith("There are 3 classes: give a class from 0 to 2.", index.Message);
        Assert.StartsWith("The precision/recall curve can't compare outputs [2, 4] with labels [2]: it takes 3 scores per label", shapes.Message);
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new PrecisionRecallBins(outputs: 3, thresholds: 1));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new PrecisionRecallBins(outputs: 0));
    }

    /// <summary>Scores of three classes, labels of which some are 7, and weights of which some are 0.</summary>
    private static (Tensor Scores, Tensor Label, Tensor Weight) Example()
    {
        var generator = new TorchSharp.torch.Generator(5);
        var label = randint(0, 3, [Rows], ScalarType.Int64, generator: generator);
        var scores = randn(Rows, 3, generator: generator) + nn.functional.one_hot(label, 3);
        return (scores, label.masked_fill(rand(Rows, generator: generator).lt(0.1), 7), rand(Rows, generator: generator).sub(0.1).clamp_min(0));
    }
}
