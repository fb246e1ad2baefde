namespace MlComponents.Tests.Metrics;

/// <summary>What holds for every built-in metric.</summary>
[TestClass]
public sealed class MetricTests
{
    private const int Rows = 9;

    /// <summary>Definitions with the number of outputs that they are tried with.</summary>
    private static IEnumerable<(MetricDefinition Definition, long Outputs)> Definitions =>
    [
        (new Accuracy(), 3), (new Accuracy { IgnoreIndex = 1 }, 3), (new Accuracy(), 1), (new BinaryAccuracy(), 1), (new TopKAccuracy { K = 2 }, 3),
        (new Precision(), 3), (new Precision(), 1), (new Recall { Average = ClassAverage.Weighted }, 3), (new F1 { Average = ClassAverage.Micro, IgnoreIndex = 0 }, 3), (new F1 { Class = 2 }, 3),
        (new DiceCoefficient(), 3), (new IoU(), 3), (new MeanIoU(), 3), (new MeanIoU { IgnoreIndex = 2 }, 3), (new PixelAccuracy(), 3),
        (new RocAuc(), 1), (new RocAuc { IgnoreIndex = 2 }, 3),
        (new RegionJ(), 1), (new RegionJ { IgnoreIndex = 0 }, 3), (new BoundaryF(), 3), (new BoundaryF { Tolerance = 0 }, 1), (new RegionAndBoundary(), 3),
        (new MeanError(), 1), (new MeanError { Power = 2 }, 1), (new MeanError { Power = 2, TakesRoot = false }, 1), (new MeanError { IgnoreIndex = 1 }, 1), (new R2(), 1), (new R2 { IgnoreIndex = 0 }, 1),
    ];

    public static IEnumerable<object[]> All => Definitions.Select(each => new object[] { ComponentJson.Write(each.Definition), each.Outputs });

    [TestMethod]
    public void Definitions_OfTheseTests_CoverEveryBuiltInMetric() =>
        CollectionAssert.AreEquivalent(
            ComponentRegistry.CreateBuiltIn().Names<MetricDefinition>().Except(["mae", "mse", "rmse"]).ToList(),
            Definitions.Select(each => ComponentRegistry.Default.NameOf(each.Definition)).Distinct().ToList());

    [TestMethod]
    [DynamicData(nameof(All))]
    public void Compute_WithoutRowsOrWithoutWeight_IsNaN(string json, long outputs)
    {
        using var scope = NewDisposeScope();
        using var metric = Metric(json, outputs);
        var (x, t, _) = Example(json, outputs);

        Assert.AreEqual(double.NaN, metric.Compute());
        metric.Update(x[..0], t[..0], null);
        Assert.AreEqual(double.NaN, metric.Compute());
        metric.Update(x[..0], t[..0], zeros(0));
        Assert.AreEqual(double.NaN, metric.Compute());
        metric.Update(x, t, zeros(Rows));
        Assert.AreEqual(double.NaN, metric.Compute());
    }

    [TestMethod]
    [DynamicData(nameof(All))]
    public void Compute_OfBatchesInAnyOrder_IsThatOfTheWhole(string json, long outputs)
    {
        using var scope = NewDisposeScope();
        var (x, t, weights) = Example(json, outputs);

        foreach (var weight in new[] { null, weights })
        {
            var whole = Value(0..Rows);

            Assert.IsTrue(double.IsFinite(whole), $"{whole}");
            Assert.AreEqual(whole, Value(0..2, 2..3, 3..8, 8..Rows), 1e-12);
            Assert.AreEqual(whole, Value(8..Rows, 3..8, 0..2, 2..3), 1e-12);

            double Value(params Range[] batches)
            {
                using var metric = Metric(json, outputs);
                foreach (var rows in batches)
                    metric.Update(x[rows], t[rows], weight?[rows]);
                return metric.Compute();
            }
        }
    }

    [TestMethod]
    [DynamicData(nameof(All))]
    public void Compute_WithWholeWeights_IsThatOfRowsRepeatedAsOften(string json, long outputs)
    {
        using var scope = NewDisposeScope();
        using var weighted = Metric(json, outputs);
        using var repeated = Metric(json, outputs);
        using var alike = Metric(json, outputs);
        using var plain = Metric(json, outputs);
        var (x, t, _) = Example(json, outputs);
        var times = arange(Rows, ScalarType.Int64).remainder(4);   // some not at all
        var rows = arange(Rows, ScalarType.Int64).repeat_interleave(times);

        weighted.Update(x, t, times.to(ScalarType.Float32));
        repeated.Update(x[rows], t[rows], null);
        alike.Update(x[..2], t[..2], null);
        alike.Update(x[2..5], t[2..5], ones(3));
        alike.Update(x[5..], t[5..], null);
        plain.Update(x, t, null);

        Assert.AreEqual(repeated.Compute(), weighted.Compute(), 1e-12);
        Assert.AreEqual(plain.Compute(), alike.Compute(), 1e-12);
    }

    [TestMethod]
    [DynamicData(nameof(All))]
    public void Compute_OfAPerfectPrediction_IsTheBestOfItsDirection(string json, long outputs)
    {
        using var scope = NewDisposeScope();
        using var perfect = Metric(json, outputs);
        using var imperfect = Metric(json, outputs);
        var (x, t, _) = Example(json, outputs);
        var right = IsNumber(json) ? t : outputs == 1 ? 2 * t - 1 : nn.functional.one_hot(t, outputs).movedim([-1], [1]).to(ScalarType.Float32);

        perfect.Update(right, t, null);
        imperfect.Update(x, t, null);

        Assert.AreEqual(perfect.Direction == MetricDirection.Rises ? 1 : 0, perfect.Compute(), 1e-12);
        Assert.AreEqual(ComponentJson.Read<MetricDefinition>(json) is MeanError ? MetricDirection.Falls : MetricDirection.Rises, perfect.Direction);
        Assert.IsTrue(perfect.Direction.IsBetter(perfect.Compute(), than: imperfect.Compute()), $"{imperfect.Compute()}");
    }

    [TestMethod]
    [DynamicData(nameof(All))]
    public void Update_LeavesNothingInTheCallersScope_AndNoGraph(string json, long outputs)
    {
        using var scope = NewDisposeScope();
        using var metric = Metric(json, outputs);
        var (x, t, weight) = Example(json, outputs);
        x.requires_grad_();

        TensorAssert.LeavesOnly(0, () => metric.Update(x, t, null));
        TensorAssert.LeavesOnly(0, () => metric.Update(x, t, weight));
        TensorAssert.LeavesOnly(0, () => metric.Compute());
        using (no_grad())
            TensorAssert.LeavesOnly(0, () => metric.Update(x, t, weight));

        Assert.IsFalse(double.IsNaN(metric.Compute()));
        Assert.IsTrue(x.requires_grad && t.numel() > 0 && weight.numel() == Rows);   // what was given is the caller's still
    }

    [TestMethod]
    [DynamicData(nameof(All))]
    public void Update_OfTensorsThatAreFreedOrOverwrittenAfterwards_KeepsWhatItSaw(string json, long outputs)
    {
        using var scope = NewDisposeScope();
        using var metric = Metric(json, outputs);
        using var reference = Metric(json, outputs);
        var (x, t, weight) = Example(json, outputs);
        reference.Update(x, t, weight);
        var expected = reference.Compute();

        metric.Update(x, t, weight);
        foreach (var tensor in new[] { x, t, weight })
        {
            tensor.zero_();
            tensor.Dispose();
        }

        Assert.AreEqual(expected, metric.Compute());
    }

    [TestMethod]
    [DynamicData(nameof(All))]
    public void Dispose_OfAMetricInUse_FreesItsSums(string json, long outputs)
    {
        using var scope = NewDisposeScope();
        var (x, t, weight) = Example(json, outputs);
        var metric = Metric(json, outputs);
        var before = TensorAssert.LiveCount();

        metric.Update(x, t, null);
        metric.Update(x, t, weight);
        metric.Compute();
        var during = Tensor.TotalCount;
        metric.Dispose();
        metric.Dispose();

        Assert.IsGreaterThan(before, during);
        Assert.AreEqual(before, Tensor.TotalCount);
    }

    [TestMethod]
    [DynamicData(nameof(All))]
    public void Update_OfShapesThatDontFit_SaysSo(string json, long outputs)
    {
        using var scope = NewDisposeScope();
        using var metric = Metric(json, outputs);
        var (x, t, _) = Example(json, outputs);

        var rows = Assert.ThrowsExactly<ArgumentException>(() => metric.Update(x, t[..4], null));
        var weights = Assert.ThrowsExactly<ArgumentException>(() => metric.Update(x, t, ones(1)));

        Assert.StartsWith($"The metric '{metric.Name}' can't compare outputs [{string.Join(", ", x.shape)}] with labels [{string.Join(", ", t[..4].shape)}]: ", rows.Message);
        Assert.AreEqual($"The metric '{metric.Name}' was given weights of the shape [1] for 9 examples: give one weight per example, [9].", weights.Message);
        Assert.AreEqual(double.NaN, metric.Compute());
    }

    [TestMethod]
    [DynamicData(nameof(All))]
    public void Name_IsLowerCaseInWords_AndTheNextMetricsToo(string json, long outputs)
    {
        using var first = Metric(json, outputs);
        using var second = Metric(json, outputs);

        Assert.MatchesRegex("^[a-z][a-z0-9]*(-[a-z0-9]+)*$", first.Name);
        Assert.AreEqual(first.Name, second.Name);
    }

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

    private static Metric Metric(string json, long outputs) => ComponentJson.Read<MetricDefinition>(json).Create(outputs);

    private static bool IsNumber(string json) => ComponentJson.Read<MetricDefinition>(json) is MeanError or R2;

    /// <summary>Outputs, labels and weights: of images where a metric needs such, else of plain rows.</summary>
    private static (Tensor X, Tensor T, Tensor Weight) Example(string json, long outputs)
    {
        manual_seed(4);
        long[] shape = ComponentJson.Read<MetricDefinition>(json) is OneClassMetricDefinition or MeanIoU or PixelAccuracy ? [Rows, 6, 7] : [Rows];
        var label = randint(outputs == 1 ? 2 : outputs, shape, ScalarType.Int64);
        var weight = rand(Rows) + 0.1;
        if (outputs > 1)
            return (randn([Rows, outputs, .. shape[1..]]), label, weight);
        return (randn(shape), IsNumber(json) ? 3 * randn(shape) : label.to(ScalarType.Float32), weight);
    }
}
