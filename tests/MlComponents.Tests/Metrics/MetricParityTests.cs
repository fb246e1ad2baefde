using System.Text.Json;

namespace MlComponents.Tests.Metrics;

/// <summary>Every metric against its definition, written out in Python as loops over elements, pairs and pixels.</summary>
[TestClass]
public sealed class MetricParityTests
{
    private static readonly IReadOnlyList<JsonElement> Inputs = Fixture.Cases("metrics", "inputs");

    [TestMethod]
    [DataRow("accuracy", 37)]
    [DataRow("pixel-accuracy", 37)]
    [DataRow("binary-accuracy", 17)]
    [DataRow("top-k-accuracy", 40)]
    [DataRow("precision", 185)]
    [DataRow("recall", 185)]
    [DataRow("f1", 185)]
    [DataRow("dice", 185)]
    [DataRow("iou", 37)]
    [DataRow("mean-iou", 37)]
    [DataRow("roc-auc", 43)]
    [DataRow("region-j", 6)]
    [DataRow("boundary-f", 18)]
    [DataRow("region-and-boundary", 18)]
    [DataRow("mean-error", 96)]
    [DataRow("mse", 32)]
    [DataRow("r2", 32)]
    public void Compute_OfWholeAndRaggedBatches_IsTheDefinition(string name, int cases)
    {
        var found = Fixture.Cases("metrics", "metrics").Where(@case => @case.GetProperty("metric").GetProperty("name").GetString() == name).ToList();

        Assert.HasCount(cases, found);
        foreach (var @case in found)
        {
            using var scope = NewDisposeScope();
            var input = Inputs[@case.GetProperty("input").GetInt32()];
            var definition = @case.Component<MetricDefinition>("metric");
            var expected = @case.Tensor("value").item<double>();
            var tolerance = double.IsNaN(expected) ? 0 : 1e-10 * (1 + Math.Abs(expected));

            foreach (var inPieces in new[] { false, true })
            {
                using var metric = definition.Create(input.GetProperty("outputs").GetInt64());
                foreach (var (output, target, weight) in Batches(input, inPieces))
                    metric.Update(output, target, weight);

                Assert.AreEqual(@case.GetProperty("name").GetString(), metric.Name);
                Assert.AreEqual(expected, metric.Compute(), tolerance, $"{definition}, in pieces: {inPieces}");
            }
        }
    }

    [TestMethod]
    public void ConfusionMatrix_OfWholeAndRaggedBatches_CountsAndSumsWhatALoopDoes()
    {
        var cases = Fixture.Cases("metrics", "matrices");

        Assert.HasCount(37, cases);
        foreach (var @case in cases)
            foreach (var inPieces in new[] { false, true })
            {
                using var scope = NewDisposeScope();
                using var matrix = new ConfusionMatrix(@case.GetProperty("outputs").GetInt64(), @case.GetProperty("ignoreIndex").Deserialize<long?>());
                foreach (var (output, target, weight) in Batches(@case, inPieces))
                    matrix.Update(output, target, weight);

                Assert.AreEqual(ScalarType.Int64, matrix.Counts().dtype);
                Assert.AreEqual(ScalarType.Float64, matrix.Sums().dtype);
                TensorAssert.AreClose(@case.Tensor("counts"), matrix.Counts(), 0);
                TensorAssert.AreClose(@case.Tensor("sums"), matrix.Sums(), 1e-12);
            }
    }

    /// <summary>The batches of a case: one, or a first row, no row, and the rest in two.</summary>
    private static IEnumerable<(Tensor Output, Tensor Target, Tensor? Weight)> Batches(JsonElement input, bool inPieces)
    {
        var (output, target) = (input.Tensor("output"), input.Tensor("target"));
        var weight = input.TryGetProperty("weight", out _) ? input.Tensor("weight") : null;
        var rows = (int)output.shape[0];
        Range[] pieces = inPieces ? [0..1, 1..1, 1..(rows / 2 + 1), (rows / 2 + 1)..rows] : [0..rows];
        return pieces.Select(piece => (output[piece], target[piece], weight?[piece]));
    }
}
