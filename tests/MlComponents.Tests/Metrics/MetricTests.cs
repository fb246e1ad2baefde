namespace MlComponents.Tests.Metrics;

[TestClass]
public sealed class MetricTests
{
    private static IEnumerable<Func<Metric>> All =>
        [() => new Accuracy(), () => new BinaryAccuracy(), () => new MeanError("mae", 1), () => new MeanError("rmse", 2)];

    [TestMethod]
    public void Accuracy_OfRaggedBatches_IsTheShareOfRightExamples()
    {
        using var scope = NewDisposeScope();
        using var metric = new Accuracy();

        metric.Update(tensor(new[] { 0.1f, 0.9f, 0.8f, 0.2f, 3f, 4f }, 3, 2), tensor(new long[] { 1, 1, 1 }), null);   // right, wrong, right
        metric.Update(tensor(new[] { -1f, -2f }, 1, 2), tensor(new long[] { 0 }), null);                               // right

        Assert.AreEqual(3 / 4.0, metric.Compute());
    }

    [TestMethod]
    public void Accuracy_WithWeights_CountsThem()
    {
        using var scope = NewDisposeScope();
        using var metric = new Accuracy();

        metric.Update(tensor(new[] { 1f, 0f, 1f, 0f }, 2, 2), tensor(new long[] { 0, 1 }), tensor(new[] { 3f, 1f }));   // right, wrong
        metric.Update(tensor(new[] { 0f, 1f }, 1, 2), tensor(new long[] { 1 }), null);                                  // right

        Assert.AreEqual((3 + 1) / 5.0, metric.Compute());
    }

    [TestMethod]
    public void BinaryAccuracy_OfLogits_SplitsThemAtZero()
    {
        using var scope = NewDisposeScope();
        using var metric = new BinaryAccuracy();

        metric.Update(tensor(new[] { 0.1f, -0.1f, 0f }), tensor(new[] { 1f, 1f, 0f }), null);   // right, wrong, right
        metric.Update(tensor(new[] { -7f }), tensor(new[] { false }), null);                    // right

        Assert.AreEqual(3 / 4.0, metric.Compute());
    }

    [TestMethod]
    public void MeanError_OfRaggedWeightedBatches_IsWhatAHandComputes()
    {
        using var scope = NewDisposeScope();
        using var mae = new MeanError("mae", power: 1);
        using var rmse = new MeanError("rmse", power: 2);

        foreach (var metric in new[] { mae, rmse })
        {
            metric.Update(tensor(new[] { 1f, 2f }), tensor(new[] { 2f, 5f }), tensor(new[] { 1f, 0.5f }));   // errors 1 and 3
            metric.Update(tensor(new[] { 4f }), tensor(new[] { 0f }), tensor(new[] { 2f }));                 // error 4
        }

        Assert.AreEqual((1 * 1 + 0.5 * 3 + 2 * 4) / 3.5, mae.Compute(), 1e-12);
        Assert.AreEqual(Math.Sqrt((1 * 1 + 0.5 * 9 + 2 * 16) / 3.5), rmse.Compute(), 1e-12);
    }

    [TestMethod]
    public void Update_OfValuesThatFloat32CannotAddUp_SumsInFloat64()
    {
        using var scope = NewDisposeScope();
        using var metric = new MeanError("rmse", power: 2);

        metric.Update(tensor(new[] { 1e30f, 0f }), zeros(2), null);   // the square is infinite in float32
        for (var i = 0; i < 8; i++)
            metric.Update(zeros(1), zeros(1), null);

        Assert.AreEqual(Math.Sqrt(1e60 / 10), metric.Compute(), 1e30 * 1e-6);
    }

    [TestMethod]
    public void Compute_WithoutRowsOrWithoutWeight_IsNaN()
    {
        foreach (var create in All)
        {
            using var scope = NewDisposeScope();
            using var metric = create();
            Assert.AreEqual(double.NaN, metric.Compute());

            var output = metric is Accuracy ? randn(2, 3) : randn(2);
            metric.Update(output[..0], metric is Accuracy ? zeros(0, ScalarType.Int64) : zeros(0), null);
            Assert.AreEqual(double.NaN, metric.Compute());

            metric.Update(output, metric is Accuracy ? zeros(2, ScalarType.Int64) : zeros(2), zeros(2));
            Assert.AreEqual(double.NaN, metric.Compute());
        }
    }

    [TestMethod]
    public void Update_LeavesNothingInTheCallersScope_AndNoGraph()
    {
        foreach (var create in All)
        {
            using var outer = NewDisposeScope();
            using var metric = create();
            var output = (metric is Accuracy ? randn(2, 3) : randn(2)).requires_grad_();
            var target = metric is Accuracy ? zeros(2, ScalarType.Int64) : zeros(2);

            TensorAssert.LeavesOnly(0, () => metric.Update(output, target, null));
            TensorAssert.LeavesOnly(0, () => metric.Update(output, target, ones(2).DetachFromDisposeScope()));
            TensorAssert.LeavesOnly(0, () => metric.Compute());

            Assert.IsFalse(double.IsNaN(metric.Compute()));
        }
    }

    [TestMethod]
    public void Dispose_OfAMetricInUse_FreesItsSums()
    {
        using var scope = NewDisposeScope();
        var metric = new MeanError("mae", power: 1);
        var (x, t) = (randn(2), randn(2));
        var before = Tensor.TotalCount;

        metric.Update(x, t, null);
        var during = Tensor.TotalCount;
        metric.Dispose();
        metric.Dispose();

        Assert.IsGreaterThan(before, during);
        Assert.AreEqual(before, Tensor.TotalCount);
    }

    [TestMethod]
    public void Update_OfShapesThatDontFit_SaysSo()
    {
        using var scope = NewDisposeScope();
        using var error = new MeanError("mae", power: 1);
        using var accuracy = new Accuracy();

        var broadcast = Assert.ThrowsExactly<ArgumentException>(() => error.Update(randn(4), randn(4, 1), null));
        var weights = Assert.ThrowsExactly<ArgumentException>(() => accuracy.Update(randn(4, 3), zeros(4, ScalarType.Int64), ones(1)));

        Assert.AreEqual("The metric 'mae' can't compare outputs [4] with labels [4, 1]: there must be one of each per example.", broadcast.Message);
        Assert.AreEqual("The metric 'accuracy' can't compare outputs [4, 3] with labels [4] and weights [1]: there must be one of each per example.", weights.Message);
    }

    [TestMethod]
    public void MeanError_OfPowerZero_IsRefused() => Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new MeanError("zero", power: 0));

    [TestMethod]
    public void IsBetter_OfNaN_IsNever()
    {
        Assert.IsTrue(MetricDirection.Falls.IsBetter(1, than: 2));
        Assert.IsFalse(MetricDirection.Falls.IsBetter(2, than: 2));
        Assert.IsTrue(MetricDirection.Rises.IsBetter(3, than: 2));
        Assert.IsTrue(MetricDirection.Rises.IsBetter(3, than: double.NaN));
        Assert.IsFalse(MetricDirection.Falls.IsBetter(double.NaN, than: 2));
        Assert.IsFalse(MetricDirection.Falls.IsBetter(double.NaN, than: double.NaN));
    }
}
