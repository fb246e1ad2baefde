namespace MlComponents.Tests.Metrics.Classification;

[TestClass]
public sealed class PrecisionRecallCurveTests
{
    [TestMethod]
    public void Compute_OfTheExampleOfScikitLearn_IsItsCurve()
    {
        using var scope = NewDisposeScope();

        var curve = PrecisionRecallCurve.Compute(tensor(new[] { 0.1f, 0.4f, 0.35f, 0.8f }), tensor(new long[] { 0, 0, 1, 1 }));

        CollectionAssert.AreEqual(new double[] { 0.1f, 0.35f, 0.4f, 0.8f, double.PositiveInfinity }, curve.Points.Select(point => point.Threshold).ToArray());
        CollectionAssert.AreEqual(new[] { 0.5, 2.0 / 3, 0.5, 1, 1 }, curve.Points.Select(point => point.Precision).ToArray());
        CollectionAssert.AreEqual(new[] { 1, 1, 0.5, 0.5, 0 }, curve.Points.Select(point => point.Recall).ToArray());
        Assert.AreEqual(0.8333333333333333, curve.AveragePrecision, 1e-15);   // as its documentation prints it
        Assert.AreEqual((2, 2), (curve.Positives, curve.Negatives));
    }

    [TestMethod]
    public void Compute_WithEqualScores_HasOneThresholdForAllOfThem()
    {
        using var scope = NewDisposeScope();

        var curve = PrecisionRecallCurve.Compute(tensor(new[] { 2f, -1f, 2f, 2f, -1f }).unsqueeze(1), tensor(new[] { true, false, false, true, true }));

        Assert.HasCount(3, curve.Points);
        Assert.AreEqual(new(-1, 3.0 / 5, 1, 3, 2), curve.Points[0]);
        Assert.AreEqual(new(2, 2.0 / 3, 2.0 / 3, 2, 1), curve.Points[1]);
        Assert.AreEqual(new(double.PositiveInfinity, 1, 0, 0, 0), curve.Points[2]);
        Assert.AreEqual(1.0 / 3 * (3.0 / 5) + 2.0 / 3 * (2.0 / 3), curve.AveragePrecision, 1e-15);
    }

    [TestMethod]
    public void Compute_WithWeights_IsThatOfRowsRepeatedAsOften()
    {
        using var scope = NewDisposeScope();
        var generator = new TorchSharp.torch.Generator(3);
        var (scores, labels) = (rand(40, generator: generator), rand(40, generator: generator).gt(0.6));
        var times = randint(0, 4, [40], ScalarType.Int64, generator: generator);   // some not at all

        var weighted = PrecisionRecallCurve.Compute(scores, labels, times.to(ScalarType.Float32));

        var repeated = PrecisionRecallCurve.Compute(scores.repeat_interleave(times), labels.repeat_interleave(times));
        CollectionAssert.AreEqual(repeated.Points.ToList(), weighted.Points.ToList());
        Assert.AreEqual(repeated.AveragePrecision, weighted.AveragePrecision);
    }

    [TestMethod]
    public void Compute_WithoutPositiveElements_HasNoRecall()
    {
        using var scope = NewDisposeScope();

        var curve = PrecisionRecallCurve.Compute(tensor(new[] { 1f, 2f }), zeros(2));

        Assert.AreEqual(double.NaN, curve.AveragePrecision);
        Assert.IsTrue(curve.Points.All(point => double.IsNaN(point.Recall)));
    }

    [TestMethod]
    public void Compute_OfNoElement_HasTheEndAlone()
    {
        using var scope = NewDisposeScope();

        var curve = PrecisionRecallCurve.Compute(zeros(0), zeros(0));

        Assert.AreEqual(new(double.PositiveInfinity, 1, double.NaN, 0, 0), curve.Points.Single());
    }

    [TestMethod]
    public void Compute_OfScoresThatAreNoNumbers_NeverFindsTheirElements()
    {
        using var scope = NewDisposeScope();

        var curve = PrecisionRecallCurve.Compute(tensor(new[] { float.NaN, 1f, float.NegativeInfinity }), tensor(new long[] { 1, 1, 0 }));

        Assert.AreEqual(new(double.NegativeInfinity, 0.5, 0.5, 1, 1), curve.Points[0]);
        Assert.AreEqual(2, curve.Positives);
        Assert.AreEqual(0.5, curve.AveragePrecision);
    }

    [TestMethod]
    public void Compute_OfShapesThatDontFit_SaysSo()
    {
        using var scope = NewDisposeScope();

        var rows = Assert.ThrowsExactly<ArgumentException>(() => PrecisionRecallCurve.Compute(zeros(3, 2), zeros(3)));
        var weights = Assert.ThrowsExactly<ArgumentException>(() => PrecisionRecallCurve.Compute(zeros(3), zeros(3), ones(2)));

        Assert.AreEqual(
            "The precision/recall curve can't compare outputs [3, 2] with labels [3]: it takes one number per label, [N, ...] or [N, 1, ...] for labels [N, ...].", rows.Message);
        Assert.AreEqual("The precision/recall curve was given weights of the shape [2] for 3 examples: give one weight per example, [3].", weights.Message);
    }

    [TestMethod]
    public void Compute_LeavesNoTensors()
    {
        using var scope = NewDisposeScope();
        var (scores, labels) = (rand(5, requires_grad: true), ones(5));

        TensorAssert.LeavesOnly(0, () => PrecisionRecallCurve.Compute(scores, labels));
    }
}
