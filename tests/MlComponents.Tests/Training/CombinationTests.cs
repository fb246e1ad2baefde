using MlComponents.Tests.Training.Checkpoints;

namespace MlComponents.Tests.Training;

/// <summary>Every two options of a step together, on a tiny model with dropout and batch norm.</summary>
[TestClass]
public sealed class CombinationTests
{
    private const int Steps = 42, Middle = 21;   // 21 is within an epoch, of 12 steps or of 6

    /// <summary>What can be turned on, by name. Of those that set the same option there is one at a time.</summary>
    private static readonly Dictionary<string, (string Option, Func<TrainerOptions, TrainerOptions> On)> Choices = new()
    {
        ["ema"] = (nameof(TrainerOptions.Average), options => options with { Average = new ExponentialMovingAverage { Decay = 0.9 } }),
        ["swa"] = (nameof(TrainerOptions.Average), options => options with { Average = new StochasticWeightAveraging { StartFraction = 0.4, EverySteps = 3 } }),
        ["bf16"] = (nameof(TrainerOptions.Precision), options => options with { Precision = TrainingPrecision.BFloat16Mixed }),
        ["fp16"] = (nameof(TrainerOptions.Precision), options => options with { Precision = TrainingPrecision.Float16Mixed }),
        ["pure bf16"] = (nameof(TrainerOptions.Precision), options => options with { Precision = TrainingPrecision.BFloat16 }),
        ["accumulation"] = (nameof(TrainerOptions.AccumulateBatches), options => options with { AccumulateBatches = 2 }),
        ["checkpointed blocks"] = (nameof(TrainerOptions.CheckpointBlocks), options => options with { CheckpointBlocks = ["layers.*"] }),
        ["freezing"] = (nameof(TrainerOptions.Freeze), options => options with { Freeze = [new("layers.linear1.*") { UntilEpoch = 1 }, new("layers.norm1.*") { FromEpoch = 2 }] }),
        ["two devices"] = (nameof(TrainerOptions.DataParallelDevices), options => options with { DataParallelDevices = ["cpu", "cpu"] }),
        ["groups"] = (nameof(TrainerOptions.ParameterGroups), options => options with { ParameterGroups = [new("*.bias") { LearningRateFactor = 2, WeightDecay = 0 }], DecayBiasesAndNorms = false }),
        ["clipping"] = (nameof(TrainerOptions.MaxGradientNorm), options => options with { MaxGradientNorm = 0.5, MaxGradientValue = 0.3 }),
        ["mixing"] = (nameof(TrainerOptions.Augmentations), options => options with { Augmentations = [new MixUp()] }),
        ["looking"] = (nameof(TrainerOptions.ValidateEvery), options => options with { ValidateEvery = 4, SanityValidationBatches = 1, LogEvery = 5, DropLast = true }),
    };

    private static IEnumerable<string[]> Pairs =>
        from first in Choices
        from second in Choices
        where string.CompareOrdinal(first.Key, second.Key) < 0 && first.Value.Option != second.Value.Option
        select new[] { first.Key, second.Key };

    private static IEnumerable<string[][]> All =>
    [
        [[.. Choices.Keys.Except(["swa", "fp16", "pure bf16"])]],
        [[.. Choices.Keys.Except(["ema", "bf16", "pure bf16"])]],
        [[.. Choices.Keys.Except(["ema", "bf16", "fp16"])]],
    ];

    [TestMethod]
    [DynamicData(nameof(Pairs))]
    public void Fit_WithTwoOptions_LearnsLeavesNothingAndGoesOnToTheBit(string first, string second) => Check(first, second);

    [TestMethod]
    [DynamicData(nameof(All))]
    public void Fit_WithAllOptions_LearnsLeavesNothingAndGoesOnToTheBit(string[] names) => Check(names);

    private static void Check(params string[] names)
    {
        var options = names.Aggregate(Base, (options, name) => Choices[name].On(options));
        var counts = new Dictionary<long, long>();
        using var store = new MemoryStore();
        TensorAssert.LiveCount();

        using var undisturbed = Fit(options with { Callbacks = [new LambdaCallback { OnStepEnd = e => counts[e.Step] = Tensor.TotalCount }] });
        using var watched = Fit(options with { Checkpoints = Every(Middle) }, store);
        store.Latest = Middle;
        using var resumed = Fit(options with { Checkpoints = Every(1000) with { Resume = true } }, store);

        var losses = undisturbed.History.Select(row => row.Metrics["train/loss"]).ToList();
        Assert.IsTrue(losses.TrueForAll(double.IsFinite), "finite losses");
        Assert.IsLessThan(0.95 * losses[0], losses[^1], string.Join(" ", losses));
        Assert.AreEqual(counts[10], counts[40], "tensors left behind");
        Assert.AreEqual(Middle, resumed.ResumedFromStep);
        AreEqual(undisturbed, watched, "with checkpoints");
        AreEqual(undisturbed, resumed, "resumed");
    }

    private static TrainerOptions Base => Blobs.Options with { MaxSteps = Steps, BatchSize = 8, Schedule = new Cosine() };

    private static Checkpointing Every(int steps) => new() { Folder = "unused", EverySteps = steps, EveryEpoch = false };

    private static TrainingResult Fit(TrainerOptions options, MemoryStore? store = null)
    {
        using var training = Blobs.Create(92, seed: 1);   // 12 batches, the last one of 4 rows
        using var validation = Blobs.Create(24, seed: 2);
        if (store is { } memory)
            options = options with { Callbacks = [new LambdaCallback { OnCheckpoint = e => memory.Await(e.Step) }] };
        return new Trainer(options) { OpenStore = _ => store! }.Fit(new Mlp { Hidden = [8], Dropout = 0.2, Normalization = new BatchNorm() }, Objective.Multiclass(Blobs.Classes), training, validation);
    }

    private static void AreEqual(TrainingResult expected, TrainingResult actual, string message)
    {
        CollectionAssert.AreEqual(Bits(expected), Bits(actual), message);
        CollectionAssert.AreEqual(Rows(expected), Rows(actual), message);
    }

    private static byte[] Bits(TrainingResult result) => [.. result.Network.state_dict().Values.SelectMany(tensor => tensor.bytes.ToArray())];

    private static List<string> Rows(TrainingResult result) =>
        result.History.Select(row => $"{row.Epoch} {row.Step} {row.LearningRate:R} {row.GradientNorm:R} {string.Join(" ", row.Metrics.Select(metric => $"{metric.Key} {metric.Value:R}"))}").ToList();
}
