using MlComponents.Tests.Training.Checkpoints;

namespace MlComponents.Tests.Training.Averaging;

/// <summary>A run with an average, or with frozen parameters, goes on from a checkpoint as if it had never stopped.</summary>
[TestClass]
public sealed class AveragedResumeTests
{
    public static IEnumerable<object[]> Changes =>
    [
        ["ema", Options with { Average = new ExponentialMovingAverage { UpdateEvery = 2 } }],
        ["swa", Options with { Average = new StochasticWeightAveraging { StartFraction = 0.5, EverySteps = 2, LearningRateFactor = 0.5 } }],
        ["freeze", Options with { Freeze = [new("layers.linear1.*") { UntilEpoch = 2 }, new("layers.norm1.*") { UntilEpoch = 2 }] }],
        ["swa and freeze", Options with { Average = new StochasticWeightAveraging { StartFraction = 0.3, EverySteps = 2 }, Freeze = [new("layers.linear1.*"), new("layers.norm1.*")] }],
    ];

    [TestMethod]
    [DynamicData(nameof(Changes))]
    public void Resume_FromEveryStep_EndsWithTheSameBits(string name, TrainerOptions options)
    {
        using var store = new MemoryStore();
        using var undisturbed = Fit(options with { Checkpoints = null });
        using var watched = Fit(options, store);

        Assert.HasCount(12, store.Steps);
        foreach (var step in store.Steps)
        {
            store.Latest = step;
            using var resumed = Fit(options with { Checkpoints = options.Checkpoints! with { Resume = true, EverySteps = 1000, EveryEpoch = false } }, store);

            CollectionAssert.AreEqual(TrainerTests.Bits(undisturbed.Network), TrainerTests.Bits(resumed.Network), $"{name} from step {step}");
            Assert.AreEqual(undisturbed.History[^1].Metrics["validation/loss"], resumed.History[^1].Metrics["validation/loss"], name);
        }
        CollectionAssert.AreEqual(TrainerTests.Bits(undisturbed.Network), TrainerTests.Bits(watched.Network), name);
    }

    private static TrainerOptions Options => Blobs.Options with { Checkpoints = new Checkpointing { Folder = "unused", EverySteps = 1, KeepLast = 100 } };

    /// <summary>A run of 3 epochs of 4 steps.</summary>
    private static TrainingResult Fit(TrainerOptions options, ICheckpointStore? store = null)
    {
        using var training = Blobs.Create(60, seed: 1);
        using var validation = Blobs.Create(30, seed: 2);
        if (store is MemoryStore memory)   // one after the other, or one that waits would give way to a newer one
            options = options with { Callbacks = [.. options.Callbacks, new LambdaCallback { OnCheckpoint = e => memory.Await(e.Step) }] };
        return new Trainer(options) { OpenStore = _ => store! }.Fit(
            new Mlp { Hidden = [8], Dropout = 0.5, Normalization = new BatchNorm() }, Objective.Multiclass(Blobs.Classes), training, validation);
    }
}
