namespace MlComponents.MLNet.Tests.Trainers;

/// <summary>A trainer goes on from checkpoints as the engine does.</summary>
[TestClass]
public sealed class ResumeTests
{
    private static readonly TorchTrainerOptions Options = Blobs.Options with { Epochs = 4, Seed = null, ValidationFraction = 0.25 };

    private readonly string folder = Directory.CreateTempSubdirectory("mlnet-resume-").FullName;

    [TestCleanup]
    public void DeleteFolder() => Directory.Delete(folder, recursive: true);

    [TestMethod]
    public void Fit_InterruptedAndResumedByContextsWithoutASeed_EndsWithTheBitsOfAnUndisturbedRun()
    {
        var failing = new LambdaCallback { OnStepEnd = e => { if (e.Step == 9) throw new InvalidOperationException("mine"); } };
        Assert.ThrowsExactly<InvalidOperationException>(() => Fit(Options with { Checkpoints = Checkpoints, Callbacks = [failing] }));

        using var resumed = Fit(Options with { Checkpoints = Checkpoints with { Resume = true } });
        using var undisturbed = Fit(Options with { Seed = resumed.Model.Seed });

        CollectionAssert.AreEqual(Rows(undisturbed), Rows(resumed));
        CollectionAssert.AreEqual(Bits(undisturbed), Bits(resumed));
    }

    [TestMethod]
    public void Fit_ToResumeWhereThereIsNoCheckpoint_TakesTheContextsSeed()
    {
        using var anew = Fit(Options with { Epochs = 1, Checkpoints = Checkpoints with { Resume = true } }, seed: 5);
        using var plain = Fit(Options with { Epochs = 1 }, seed: 5);

        Assert.AreEqual(plain.Model.Seed, anew.Model.Seed);
        CollectionAssert.AreEqual(Bits(plain), Bits(anew));
    }

    [TestMethod]
    public void Fit_WithManyOptionsInterruptedAndResumed_EndsWithTheBitsOfAnUndisturbedRunAndSaves()
    {
        var options = Options with
        {
            MaxSteps = 20, AccumulateBatches = 2, BatchSize = 8, ValidateEvery = 3, MaxGradientValue = 0.05, MaxGradientNorm = 0.5, DropLast = true, DecayBiasesAndNorms = false,
            Average = new ExponentialMovingAverage { Decay = 0.9 }, Precision = OperatingSystem.IsWindows() ? TrainingPrecision.Float32 : TrainingPrecision.BFloat16Mixed,
            Freeze = [new("*.bias") { UntilEpoch = 2 }], ParameterGroups = [new("*.weight") { LearningRateFactor = 0.5 }], Augmentations = [new MixUp()],
            Schedule = new Warmup { Then = new Cosine() }, Monitor = "validation/ema/loss", SanityValidationBatches = 1, LogEvery = 4,
        };
        var failing = new LambdaCallback { OnStepEnd = e => { if (e.Step == 8) throw new InvalidOperationException("mine"); } };
        Assert.ThrowsExactly<InvalidOperationException>(() => Fit(options with { Checkpoints = Checkpoints, Callbacks = [failing] }));

        using var resumed = Fit(options with { Checkpoints = Checkpoints with { Resume = true } });
        using var undisturbed = Fit(options with { Seed = resumed.Model.Seed });
        var ml = new MLContext();
        using var stream = new MemoryStream();
        ml.Model.Save(resumed, Blobs.Keyed(ml).Schema, stream);
        stream.Position = 0;
        var loaded = ml.Model.Load(stream, out _);

        Assert.AreEqual(20, resumed.Model.History![^1].Step);
        CollectionAssert.AreEqual(Rows(undisturbed), Rows(resumed));
        CollectionAssert.AreEqual(Bits(undisturbed), Bits(resumed));
        CollectionAssert.AreEqual(ScoreText.Of(resumed.Transform(Blobs.Keyed(ml))).ToArray(), ScoreText.Of(loaded.Transform(Blobs.Keyed(ml))).ToArray());
    }

    private Checkpointing Checkpoints => new() { Folder = folder, EverySteps = 4 };

    private static TorchTransformer Fit(TorchTrainerOptions options, int? seed = null)
    {
        var ml = new MLContext(seed);
        return ml.MulticlassClassification.Trainers.Torch(Blobs.Network with { Dropout = 0.3 }, options).Fit(Blobs.Keyed(ml));
    }

    private static List<string> Rows(TorchTransformer model) => [.. model.Model.History!.Select(row => $"{row.Step} {row.LearningRate:r} {string.Join(' ', row.Metrics.Select(metric => $"{metric.Key} {metric.Value:r}"))}")];

    private static byte[] Bits(TorchTransformer model) => [.. model.Model.Network.state_dict().Values.SelectMany(tensor => tensor.bytes.ToArray())];
}
