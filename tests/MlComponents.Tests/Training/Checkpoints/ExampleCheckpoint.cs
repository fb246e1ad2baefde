using System.Text.Json.Nodes;

namespace MlComponents.Tests.Training.Checkpoints;

/// <summary>Checkpoints for tests, whose tensors say which step they are of.</summary>
internal static class ExampleCheckpoint
{
    public const string Metric = "validation/loss";

    public static Checkpoint Create(long step, double? loss = null, int size = 3) => Create(step, loss is { } value ? new() { [Metric] = value } : [], size);

    public static Checkpoint Create(long step, Dictionary<string, double> metrics, int size = 3)
    {
        using var scope = NewDisposeScope();
        var checkpoint = new Checkpoint
        {
            Step = step, Epoch = 2, Batch = 5, Metrics = metrics,
            Definition = new JsonObject { ["network"] = "mlp", ["batchSize"] = 32 },
            Environment = new JsonObject { ["threads"] = 2 },
        };
        checkpoint.Weights.Set("layer.weight", full(size, step, ScalarType.Float32));
        checkpoint.Optimizer.Set("0.0", full(size, step, ScalarType.Float64));
        checkpoint.Run.Section("callbacks").Section("0").Set("stale", step);
        checkpoint.Run.Section("average").Set("layer.weight", full(size, step, ScalarType.Float32));
        return checkpoint;
    }

    /// <summary>Asserts that all parts are of the step that the checkpoint says.</summary>
    public static void AssertWhole(Checkpoint checkpoint, long step)
    {
        Assert.AreEqual(step, checkpoint.Step);
        Assert.AreEqual((float)step, checkpoint.Weights.Tensors["layer.weight"][^1].item<float>());
        Assert.AreEqual((double)step, checkpoint.Optimizer.Tensors["0.0"][^1].item<double>());
        Assert.AreEqual(step, checkpoint.Run.Section("callbacks").Section("0").Get<long>("stale"));
        Assert.AreEqual((float)step, checkpoint.Run.Section("average").Tensors["layer.weight"][^1].item<float>());
    }
}
