namespace MlComponents.Tests.Losses;

/// <summary>What holds for every built-in loss.</summary>
[TestClass]
public sealed class LossTests
{
    private const int Classes = 3;

    private static IEnumerable<LossDefinition> Definitions =>
    [
        new CrossEntropy(), new CrossEntropy { ClassWeights = [0.5, 2, 3] }, new CrossEntropy { IgnoreIndex = 1 },
        new CrossEntropy { ClassWeights = [0.2, 1, 4], LabelSmoothing = 0.2, IgnoreIndex = -1 },
        new BinaryCrossEntropy(), new BinaryCrossEntropy { PositiveWeight = 3 },
        new MeanSquaredError(), new Huber(), new Huber { Delta = 0.3 },
    ];

    public static IEnumerable<object[]> All => Definitions.Select(definition => new object[] { ComponentJson.Write(definition) });

    [TestMethod]
    public void Definitions_OfTheseTests_CoverEveryBuiltInLoss() =>
        CollectionAssert.AreEquivalent(
            ComponentRegistry.CreateBuiltIn().Names<LossDefinition>().ToList(),
            Definitions.Select(ComponentRegistry.Default.NameOf).Distinct().ToList());

    [TestMethod]
    [DynamicData(nameof(All))]
    public void Forward_WithWeights_IsTheWeightedMeanOfTheExamples(string json)
    {
        using var scope = NewDisposeScope();
        using var loss = Loss(json);
        var (x, t) = Example(json, rows: 6);
        double[] weights = [0.5, 2, 0, 1, 3, 0.25];

        var actual = loss.call(x, t, tensor(weights));

        var (sum, divisor) = (0.0, 0.0);
        for (var i = 0; i < weights.Length; i++)
        {
            var normalizer = loss.Normalizer(t[i..(i + 1)], null).item<double>();
            sum += weights[i] * normalizer * loss.call(x[i..(i + 1)], t[i..(i + 1)]).item<double>();
            divisor += weights[i] * normalizer;
        }
        TensorAssert.AreClose(sum / divisor, actual, tolerance: 1e-12);
        TensorAssert.AreClose(divisor, loss.Normalizer(t, tensor(weights)), tolerance: 1e-12);
    }

    [TestMethod]
    [DynamicData(nameof(All))]
    public void Normalizer_TimesTheMeanOfRaggedBatches_AddsUpToTheMeanOfAllRows(string json)
    {
        using var scope = NewDisposeScope();
        using var loss = Loss(json);
        var (x, t) = Example(json, rows: 17);
        foreach (var weight in new[] { null, rand(17, ScalarType.Float64) })
        {
            var (sum, divisor) = (0.0, 0.0);
            foreach (var rows in new[] { 0..1, 1..8, 8..16, 16..17 })
            {
                var normalizer = loss.Normalizer(t[rows], weight?[rows]).item<double>();
                sum += normalizer * loss.call(x[rows], t[rows], weight?[rows]).item<double>();
                divisor += normalizer;
            }

            TensorAssert.AreClose(sum / divisor, loss.call(x, t, weight), tolerance: 1e-12);
        }
    }

    [TestMethod]
    [DynamicData(nameof(All))]
    public void Forward_OfABatchWithoutWeight_IsZeroWithoutGradient(string json)
    {
        using var scope = NewDisposeScope();
        using var loss = Loss(json);
        var (x, t) = Example(json, rows: 4);
        x.requires_grad_();

        var value = loss.call(x, t, zeros(4));
        value.backward();

        Assert.AreEqual(0, value.item<double>());
        TensorAssert.AreClose(zeros_like(x), x.grad!, tolerance: 0);
        Assert.AreEqual(0, loss.Normalizer(t, zeros(4)).item<double>());
    }

    [TestMethod]
    [DynamicData(nameof(All))]
    public void Forward_OfNoExamples_IsZero(string json)
    {
        using var scope = NewDisposeScope();
        using var loss = Loss(json);
        var (x, t) = Example(json, rows: 4);

        Assert.AreEqual(0, loss.call(x[..0], t[..0]).item<double>());
        Assert.AreEqual(0, loss.call(x[..0], t[..0], zeros(0)).item<double>());
        Assert.AreEqual(0, loss.Normalizer(t[..0], null).item<double>());
    }

    [TestMethod]
    [DynamicData(nameof(All))]
    public void Backward_WithAndWithoutWeights_MatchesFiniteDifferences(string json)
    {
        using var scope = NewDisposeScope();
        using var loss = Loss(json);
        var (x, t) = Example(json, rows: 5);
        var weight = rand(5, ScalarType.Float64);

        TensorAssert.GradientMatchesDifferences(at => loss.call(at, t), x);
        TensorAssert.GradientMatchesDifferences(at => loss.call(at, t, weight), x);
    }

    [TestMethod]
    [DynamicData(nameof(All))]
    public void Forward_OfAPredictionInHalfPrecision_MeasuresInFloat32(string json)
    {
        using var scope = NewDisposeScope();
        using var loss = Loss(json);
        var (x, t) = Example(json, rows: 5);
        var half = x.to(ScalarType.BFloat16).requires_grad_();

        foreach (var weight in new[] { null, rand(5) })
        {
            var value = loss.call(half, t, weight);
            value.backward();

            Assert.AreEqual(ScalarType.Float32, value.dtype);
            TensorAssert.AreClose(loss.call(half.detach().to(ScalarType.Float64), t, weight).item<double>(), value, tolerance: 1e-6);
            Assert.AreEqual(ScalarType.BFloat16, half.grad!.dtype);
        }
    }

    [TestMethod]
    [DynamicData(nameof(All))]
    public void ForwardAndNormalizer_LeaveOnlyTheirResult(string json)
    {
        using var scope = NewDisposeScope();
        using var loss = Loss(json);
        var (x, t) = Example(json, rows: 5);
        var weight = rand(5);

        TensorAssert.LeavesOnly(1, () => loss.call(x, t));
        TensorAssert.LeavesOnly(1, () => loss.call(x, t, weight));
        TensorAssert.LeavesOnly(1, () => loss.Normalizer(t, null));
        TensorAssert.LeavesOnly(1, () => loss.Normalizer(t, weight));
    }

    [TestMethod]
    [DynamicData(nameof(All))]
    public void Forward_WithWeightsOfAnotherNumberOfExamples_SaysSo(string json)
    {
        using var scope = NewDisposeScope();
        using var loss = Loss(json);
        var (x, t) = Example(json, rows: 5);

        var error = Assert.ThrowsExactly<ArgumentException>(() => loss.call(x, t, ones(1)));

        Assert.AreEqual("The weights have the shape [1], but there are 5 examples: give one weight per example, [5].", error.Message);
    }

    [TestMethod]
    [DynamicData(nameof(All))]
    public void Create_InsideAScope_GivesALossThatOutlivesIt(string json)
    {
        Loss loss;
        using (NewDisposeScope())
            loss = Loss(json);

        using var scope = NewDisposeScope();
        using (loss)
            Assert.IsGreaterThan(0, loss.call(Example(json, 5).X, Example(json, 5).T).item<double>());
    }

    private static Loss Loss(string json) => ComponentJson.Read<LossDefinition>(json).Create(Classes);

    /// <summary>Predictions and targets of a loss: class scores with labels 0 to 2, or numbers with targets 0, 0.5 and 1.</summary>
    private static (Tensor X, Tensor T) Example(string json, int rows)
    {
        manual_seed(3);
        var labels = arange(rows, ScalarType.Int64).remainder(Classes);
        return ComponentJson.Read<LossDefinition>(json) is CrossEntropy
            ? (2 * randn(rows, Classes, ScalarType.Float64), labels)
            : (2 * randn(rows, 2, ScalarType.Float64), labels.to(ScalarType.Float64).div(2).unsqueeze(1).expand(rows, 2));
    }
}
