namespace MlComponents.Tests.Losses;

/// <summary>What holds for every built-in loss.</summary>
[TestClass]
public sealed class LossTests
{
    private const int Ignored = 255;

    public static IEnumerable<object[]> All => LossExamples.All;

    [TestMethod]
    public void Examples_OfTheseTests_CoverEveryBuiltInLoss() =>
        CollectionAssert.AreEquivalent(ComponentRegistry.CreateBuiltIn().Names<LossDefinition>().ToList(), LossExamples.Names.ToList());

    [TestMethod]
    [DynamicData(nameof(All))]
    public void Forward_OfIgnoredTargetsOnly_IsZeroWithoutGradient(string json)
    {
        using var scope = NewDisposeScope();
        using var loss = Ignoring(json);
        var (x, t) = LossExamples.Of(json, rows: 4);
        x.requires_grad_();

        var value = loss.call(x, full_like(t, Ignored));
        value.backward();

        Assert.AreEqual(0, value.item<double>());
        TensorAssert.AreClose(zeros_like(x), x.grad!, tolerance: 0);
        Assert.AreEqual(0, loss.Normalizer(full_like(t, Ignored), null).item<double>());
    }

    [TestMethod]
    [DynamicData(nameof(All))]
    public void ForwardAndBackward_OfSomeIgnoredExamples_AreThoseOfTheOthers(string json)
    {
        using var scope = NewDisposeScope();
        using var loss = Ignoring(json);
        var (x, t) = LossExamples.Of(json, rows: 6);
        var others = tensor(new long[] { 0, 3, 4 });
        var some = t.clone();
        foreach (var row in new[] { 1, 2, 5 })
            some[row] = tensor(Ignored).to(t.dtype);

        var (actual, gradient) = Differentiated(loss, x, some);
        var (expected, expectedGradient) = Differentiated(loss, x[others], t[others]);

        TensorAssert.AreClose(expected, actual, tolerance: 1e-12);
        TensorAssert.AreClose(zeros_like(x).index_copy_(0, others, expectedGradient), gradient, tolerance: 1e-12);
        TensorAssert.AreClose(loss.Normalizer(t[others], null), loss.Normalizer(some, null), tolerance: 1e-12);
    }

    [TestMethod]
    [DynamicData(nameof(All))]
    public void Forward_WithWholeWeights_IsThatOfRepeatedExamples(string json)
    {
        using var scope = NewDisposeScope();
        using var loss = LossExamples.Create(json);
        var (x, t) = LossExamples.Of(json, rows: 5);
        var repeated = tensor(new long[] { 0, 2, 2, 3, 4, 4, 4 });

        var actual = loss.call(x, t, tensor(new float[] { 1, 0, 2, 1, 3 }));

        TensorAssert.AreClose(loss.call(x[repeated], t[repeated]), actual, tolerance: 1e-12);
        TensorAssert.AreClose(loss.Normalizer(t[repeated], null), loss.Normalizer(t, tensor(new float[] { 1, 0, 2, 1, 3 })), tolerance: 1e-12);
    }

    [TestMethod]
    [DynamicData(nameof(All))]
    public void Forward_OfABatchWithoutWeight_IsZeroWithoutGradient(string json)
    {
        using var scope = NewDisposeScope();
        using var loss = LossExamples.Create(json);
        var (x, t) = LossExamples.Of(json, rows: 4);
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
        using var loss = LossExamples.Create(json);
        var (x, t) = LossExamples.Of(json, rows: 4);

        Assert.AreEqual(0, loss.call(x[..0], t[..0]).item<double>());
        Assert.AreEqual(0, loss.call(x[..0], t[..0], zeros(0)).item<double>());
        Assert.AreEqual(0, loss.Normalizer(t[..0], null).item<double>());
    }

    [TestMethod]
    [DynamicData(nameof(All))]
    public void Backward_WithAndWithoutWeights_MatchesFiniteDifferences(string json)
    {
        using var scope = NewDisposeScope();
        using var loss = LossExamples.Create(json);
        var (x, t) = LossExamples.Of(json, rows: 2);
        var weight = rand(2, ScalarType.Float64);

        TensorAssert.GradientMatchesDifferences(at => loss.call(at, t), x);
        TensorAssert.GradientMatchesDifferences(at => loss.call(at, t, weight), x);
    }

    [TestMethod]
    [DynamicData(nameof(All))]
    public void Forward_OfAPredictionInHalfPrecision_MeasuresInFloat32(string json)
    {
        using var scope = NewDisposeScope();
        using var loss = LossExamples.Create(json);
        var (x, t) = LossExamples.Of(json, rows: 5);
        var half = x.to(ScalarType.BFloat16).requires_grad_();

        foreach (var weight in new[] { null, rand(5) })
        {
            var value = loss.call(half, t, weight);
            value.backward();

            Assert.AreEqual(ScalarType.Float32, value.dtype);
            TensorAssert.AreClose(loss.call(half.detach().to(ScalarType.Float64), t, weight).item<double>(), value, tolerance: 2e-6);
            Assert.AreEqual(ScalarType.BFloat16, half.grad!.dtype);
        }
    }

    [TestMethod]
    [DynamicData(nameof(All))]
    public void ForwardMeanAndNormalizer_LeaveOnlyTheirResult(string json)
    {
        using var scope = NewDisposeScope();
        using var loss = LossExamples.Create(json);
        var (x, t) = LossExamples.Of(json, rows: 5);
        var weight = rand(5);

        TensorAssert.LeavesOnly(1, () => loss.call(x, t));
        TensorAssert.LeavesOnly(1, () => loss.call(x, t, weight));
        TensorAssert.LeavesOnly(1, () => loss.Mean(x, t, weight));
        TensorAssert.LeavesOnly(1, () => loss.Normalizer(t, null));
        TensorAssert.LeavesOnly(1, () => loss.Normalizer(t, weight));
    }

    [TestMethod]
    [DynamicData(nameof(All))]
    public void Forward_WithWeightsOfAnotherNumberOfExamples_SaysSo(string json)
    {
        using var scope = NewDisposeScope();
        using var loss = LossExamples.Create(json);
        var (x, t) = LossExamples.Of(json, rows: 5);

        var error = Assert.ThrowsExactly<ArgumentException>(() => loss.call(x, t, ones(1)));

        Assert.AreEqual("The weights have the shape [1], but there are 5 examples: give one weight per example, [5].", error.Message);
    }

    [TestMethod]
    [DynamicData(nameof(All))]
    public void Forward_OfTargetsOfOtherShapes_NamesBoth(string json)
    {
        using var scope = NewDisposeScope();
        using var loss = LossExamples.Create(json);
        var (x, t) = LossExamples.Of(json, rows: 5);

        var error = Assert.ThrowsExactly<ArgumentException>(() => loss.call(x, t[..4]));

        Assert.Contains($"[{string.Join(", ", x.shape)}]", error.Message);
        Assert.Contains($"[{string.Join(", ", t[..4].shape)}]", error.Message);
    }

    [TestMethod]
    [DynamicData(nameof(All))]
    public void Reductions_OfOneBatch_AddUp(string json)
    {
        var definition = LossExamples.Definition(json);
        if (definition is WeightedSum or Tversky { Gamma: not 1 })
            return;   // no elements, or a power of the sum
        using var scope = NewDisposeScope();
        using var mean = definition.Create(LossExamples.Classes);
        using var sum = (definition with { Reduction = Reduction.Sum }).Create(LossExamples.Classes);
        using var none = (definition with { Reduction = Reduction.None }).Create(LossExamples.Classes);
        var (x, t) = LossExamples.Of(json, rows: 5);
        foreach (var weight in new[] { null, rand(5, ScalarType.Float64) })
        {
            TensorAssert.AreClose(none.call(x, t, weight).sum(), sum.call(x, t, weight), tolerance: 1e-12);
            TensorAssert.AreClose(mean.call(x, t, weight), sum.Mean(x, t, weight), tolerance: 1e-12);
            TensorAssert.AreClose(mean.call(x, t, weight), none.Mean(x, t, weight), tolerance: 1e-12);
        }
    }

    [TestMethod]
    [DynamicData(nameof(All))]
    public void Create_InsideAScope_GivesALossThatOutlivesIt(string json)
    {
        Loss loss;
        using (NewDisposeScope())
            loss = LossExamples.Create(json);

        using var scope = NewDisposeScope();
        using (loss)
            Assert.IsGreaterThan(0, loss.call(LossExamples.Of(json, 5).X, LossExamples.Of(json, 5).T).item<double>());
    }

    private static Loss Ignoring(string json) => (LossExamples.Definition(json) switch
    {
        WeightedSum sum => sum with { IgnoreIndex = Ignored, Terms = [.. sum.Terms.Select(term => term with { Loss = term.Loss with { IgnoreIndex = null } })] },
        var definition => definition with { IgnoreIndex = Ignored },
    }).Create(LossExamples.Classes);

    private static (Tensor Value, Tensor Gradient) Differentiated(Loss loss, Tensor prediction, Tensor target)
    {
        var x = prediction.detach().clone().requires_grad_();
        var value = loss.call(x, target);
        value.backward();
        return (value, x.grad!);
    }
}
