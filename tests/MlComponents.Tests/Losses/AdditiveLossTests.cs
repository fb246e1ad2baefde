namespace MlComponents.Tests.Losses;

/// <summary>What holds for losses of each element on its own.</summary>
[TestClass]
public sealed class AdditiveLossTests
{
    public static IEnumerable<object[]> All => LossExamples.Additive;

    [TestMethod]
    [DynamicData(nameof(All))]
    public void Forward_WithWeights_IsTheWeightedMeanOfTheExamples(string json)
    {
        using var scope = NewDisposeScope();
        using var loss = LossExamples.Create(json);
        var (x, t) = LossExamples.Of(json, rows: 6);
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
        using var loss = LossExamples.Create(json);
        var (x, t) = LossExamples.Of(json, rows: 17);
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
}
