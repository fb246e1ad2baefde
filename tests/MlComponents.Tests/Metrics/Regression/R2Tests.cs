namespace MlComponents.Tests.Metrics.Regression;

[TestClass]
public sealed class R2Tests
{
    [TestMethod]
    public void Compute_OfScikitLearnsExamples_IsWhatItsDocumentationSays()
    {
        Assert.AreEqual(0.9486081370449679, Value(tensor(new[] { 2.5, 0.0, 2, 8 }), tensor(new[] { 3, -0.5, 2, 7 })), 1e-14);
        Assert.AreEqual((0.965408 + 0.908164) / 2, Value(tensor(new[] { 0, 2, -1, 2, 8, -5.0 }, 3, 2), tensor(new[] { 0.5, 1, -1, 1, 7, -6 }, 3, 2)), 1e-4);
        Assert.AreEqual(0, Value(tensor(new[] { 2.0, 2, 2 }), tensor(new[] { 1.0, 2, 3 })));
        Assert.AreEqual(-3, Value(tensor(new[] { 3.0, 2, 1 }), tensor(new[] { 1.0, 2, 3 })));
    }

    [TestMethod]
    [DataRow(0.1, 0.1, 1.0)]
    [DataRow(0.1, 0.2, 0.0)]
    [DataRow(0.1, double.NaN, double.NaN)]
    public void Compute_OfTargetsThatAreAllTheSame_IsOneForRightOutputsElseZero(double target, double output, double expected) =>
        Assert.AreEqual(expected, Value(full([7], output, ScalarType.Float64), full([7], target, ScalarType.Float64)));

    [TestMethod]
    public void Compute_OfTargetsFarFromZero_KeepsTheirVariance()
    {
        using var scope = NewDisposeScope();
        using var metric = new R2().Create(1);
        var step = tensor(new[] { 1.0, 2, 3 });

        foreach (var start in new[] { 0, 3, 6 })
            metric.Update(1e9 + start + step + 0.5, 1e9 + start + step, null);   // targets 1 to 9 above 1e9, each error 0.5

        Assert.AreEqual(1 - 9 * 0.25 / 60, metric.Compute(), 1e-12);   // 60 = Σ (t − 5)²; squares of 1e9 are 128 apart
    }

    [TestMethod]
    public void Compute_WithAnIgnoredTarget_IsThatOfTheOthers()
    {
        using var scope = NewDisposeScope();
        using var metric = new R2 { IgnoreIndex = -1 }.Create(2);
        var x = tensor(new[] { 9, 0.5, 2.5, 9, 0, 9, 2, 9, 8, 9 }, 5, 2);
        var t = tensor(new[] { -1.0, -1, 3, -1, -0.5, -1, 2, -1, 7, -1 }, 5, 2);

        metric.Update(x, t, null);

        Assert.AreEqual(0.9486081370449679, metric.Compute(), 1e-14);   // scikit-learn's example in the first column, nothing in the second
    }

    private static double Value(Tensor output, Tensor target)
    {
        using var scope = NewDisposeScope();
        using var metric = new R2().Create(1);
        metric.Update(output, target, null);
        return metric.Compute();
    }
}
