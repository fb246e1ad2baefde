namespace MlComponents.Tests.Training.Checkpoints;

/// <summary>A run that goes on from a checkpoint ends with the bits, and the history, of one that was never interrupted.</summary>
[TestClass]
public sealed class ResumeTests
{
    private const int Rows = 90;   // of 8: 12 batches, 6 steps of two batches, the last one ragged

    [TestMethod]
    public void Resume_FromEveryStep_EndsWithTheSameBits()
    {
        using var store = new MemoryStore();
        using var undisturbed = Fit(Options with { Checkpoints = null });
        using var watched = Fit(Options, store);

        CollectionAssert.AreEqual(Enumerable.Range(1, 18).Select(step => (long)step).ToList(), store.Steps.ToList());
        foreach (var step in store.Steps)
        {
            store.Latest = step;
            using var resumed = Fit(Options with { Checkpoints = Options.Checkpoints! with { Resume = true, EverySteps = 1000, EveryEpoch = false } }, store);

            Assert.AreEqual(step, resumed.ResumedFromStep);
            AreEqual(undisturbed, resumed, $"from step {step}");
        }
        AreEqual(undisturbed, watched, "with checkpoints");
        Assert.IsNull(watched.ResumedFromStep);
    }

    [TestMethod]
    public void Resume_WithValidationsWithinEpochsAndLateReading_EndsWithTheSameHistory()
    {
        using var store = new MemoryStore();
        var options = Options with { ValidateEvery = 4, LogEvery = 5, MaxSteps = 16, MaxGradientNorm = 0.5 };
        using var undisturbed = Fit(options with { Checkpoints = null });
        using var watched = Fit(options, store);

        foreach (var step in store.Steps)
        {
            store.Latest = step;
            using var resumed = Fit(options with { Checkpoints = options.Checkpoints! with { Resume = true, EverySteps = null } }, store);
            AreEqual(undisturbed, resumed, $"from step {step}");
        }
    }

    [TestMethod]
    [DataRow("step start", 7)]
    [DataRow("backward", 8)]
    [DataRow("step end", 9)]
    [DataRow("validation start", 12)]
    [DataRow("validation end", 12)]
    [DataRow("epoch end", 12)]
    [DataRow("epoch start", 12)]
    public void Resume_AfterAnErrorOfACallback_EndsWithTheSameBits(string where, int step)
    {
        using var store = new MemoryStore();
        var options = Options with { Checkpoints = Options.Checkpoints! with { EverySteps = null, EveryEpoch = false } };
        using var undisturbed = Fit(options with { Checkpoints = null });
        var broken = new LambdaCallback
        {
            OnStepStart = e => Fail("step start", e.Step),
            OnBackwardEnd = e => Fail("backward", e.Step),
            OnStepEnd = e => Fail("step end", e.Step),
            OnValidationStart = e => Fail("validation start", e.Run.Step),
            OnValidationEnd = e => Fail("validation end", e.Run.Step),
            OnEpochEnd = e => Fail("epoch end", e.Row.Step),
            OnEpochStart = e => Fail("epoch start", e.Run.Step),
        };

        Assert.ThrowsExactly<InvalidOperationException>(() => Fit(options with { Callbacks = [.. options.Callbacks, broken] }, store));
        using var resumed = Fit(options with { Checkpoints = options.Checkpoints! with { Resume = true } }, store);

        Assert.AreEqual(where is "step start" or "backward" ? step - 1 : step, resumed.ResumedFromStep);
        AreEqual(undisturbed, resumed, where);

        void Fail(string at, long now)
        {
            if (at == where && now == step)
                throw new InvalidOperationException("mine");
        }
    }

    [TestMethod]
    [DataRow("step", 8)]
    [DataRow("validation", 12)]
    public void Resume_AfterACancellation_EndsWithTheSameBits(string where, int step)
    {
        using var store = new MemoryStore();
        using var cancellation = new CancellationTokenSource();
        var options = Options with { Checkpoints = Options.Checkpoints! with { EverySteps = null, EveryEpoch = false } };
        using var undisturbed = Fit(options with { Checkpoints = null });
        var canceller = new LambdaCallback
        {
            OnStepEnd = e => { if (where == "step" && e.Step == step) cancellation.Cancel(); },
            OnValidationStart = e => { if (where == "validation" && e.Run.Step == step) cancellation.Cancel(); },
        };

        using var cancelled = Fit(options with { Callbacks = [.. options.Callbacks, canceller], CancellationToken = cancellation.Token }, store);
        using var resumed = Fit(options with { Checkpoints = options.Checkpoints! with { Resume = true } }, store);

        StringAssert.StartsWith(cancelled.History.StopReason, $"Cancelled after {step} of");
        Assert.AreEqual(step, resumed.ResumedFromStep);
        AreEqual(undisturbed, resumed, where);
    }

    [TestMethod]
    [DataRow(1, 1000)]
    [DataRow(3, 1000)]
    [DataRow(4, 1, DisplayName = "seen only three steps later, with a checkpoint after each")]
    public void Resume_AfterAGradientThatIsNotFinite_EndsWithTheSameBits(int logEvery, int everySteps)
    {
        using var store = new MemoryStore();
        var options = Options with { LogEvery = logEvery, MaxGradientNorm = 1, Checkpoints = Options.Checkpoints! with { EverySteps = everySteps, EveryEpoch = false, KeepLast = 2, KeepBest = 0 } };
        using var undisturbed = Fit(options with { Checkpoints = null });
        var spoiler = new LambdaCallback
        {
            OnBackwardEnd = e =>
            {
                if (e.Step == 9)
                    e.Run.Network.parameters().First().grad!.fill_(double.NaN);
            },
        };

        var error = Assert.ThrowsExactly<NonFiniteLossException>(() => Fit(options with { Callbacks = [.. options.Callbacks, spoiler] }, store));
        using var resumed = Fit(options with { Checkpoints = options.Checkpoints with { Resume = true } }, store);

        Assert.AreEqual(9, error.Step);
        Assert.AreEqual(8, resumed.ResumedFromStep);
        AreEqual(undisturbed, resumed, "after a step that was undone");
    }

    [TestMethod]
    [DataRow(1, 5)]
    [DataRow(5, 1)]
    public void Resume_WithAnotherLogEvery_EndsWithTheSameBits(int before, int after)
    {
        using var store = new MemoryStore();
        using var cancellation = new CancellationTokenSource();
        var options = Options with { LogEvery = before, Checkpoints = Options.Checkpoints! with { EverySteps = null, EveryEpoch = false } };
        using var undisturbed = Fit(options with { Checkpoints = null });
        var canceller = new LambdaCallback { OnValidationStart = e => { if (e.Run.Step == 12) cancellation.Cancel(); } };

        using var cancelled = Fit(options with { Callbacks = [.. options.Callbacks, canceller], CancellationToken = cancellation.Token }, store);
        using var resumed = Fit(options with { LogEvery = after, Checkpoints = options.Checkpoints with { Resume = true } }, store);

        Assert.AreEqual(12, resumed.ResumedFromStep);
        CollectionAssert.AreEqual(Bits(undisturbed.Network), Bits(resumed.Network));
        foreach (var (expected, actual) in undisturbed.History.Zip(resumed.History))
            Assert.AreEqual(expected.Metrics["train/loss"], actual.Metrics["train/loss"], 1e-6);
    }

    [TestMethod]
    [DataRow("two devices")]
    [DataRow("terms")]
    [DataRow("swa")]
    [DataRow("overfit")]
    [DataRow("mixed")]
    [DataRow("freezing")]
    public void Resume_WithAnOption_EndsWithTheSameBits(string option)
    {
        using var store = new MemoryStore();
        var loss = option == "terms" ? new WeightedSum { Terms = [new() { Term = "hard", Loss = new CrossEntropy() }, new() { Term = "some", Weight = 0.5, Loss = new CrossEntropy { ClassWeights = [1, 2, 3] } }] } : null;
        var options = option switch
        {
            "two devices" => Options with { DataParallelDevices = ["cpu", "cpu"], DropLast = true },
            "terms" => Options with { LogEvery = 4 },
            "swa" => Options with { Average = new StochasticWeightAveraging { StartFraction = 0.4, EverySteps = 2 }, ValidateEvery = 4 },
            "overfit" => Options with { OverfitBatches = 5, MaxSteps = 14 },
            "mixed" => Options with { Augmentations = [new MixUp()] },
            _ => Options with { Freeze = [new("*.bias") { FromEpoch = 2, UntilEpoch = 2 }], ParameterGroups = [new("*.weight") { LearningRateFactor = 0.5 }] },
        };
        using var undisturbed = Fit(options with { Checkpoints = null }, loss: loss);
        using var watched = Fit(options, store, loss);

        AreEqual(undisturbed, watched, "with checkpoints");
        foreach (var step in store.Steps.Where(step => step % 3 == 1))
        {
            store.Latest = step;
            using var resumed = Fit(options with { Checkpoints = options.Checkpoints! with { Resume = true, EverySteps = null, EveryEpoch = false } }, store, loss);
            AreEqual(undisturbed, resumed, $"from step {step}");
        }
    }

    [TestMethod]
    public void FindSeed_OfOptions_IsTheirsOrThatOfTheCheckpointToGoOnFrom()
    {
        var folder = Directory.CreateTempSubdirectory("find-seed-").FullName;
        try
        {
            var options = Options with { Seed = null, Callbacks = [], Checkpoints = new Checkpointing { Folder = folder, Resume = true } };
            Assert.IsNull(options.FindSeed());
            using var training = Training;
            using var result = new Trainer(options with { Seed = 42 }).Fit(Network, Objective.Multiclass(Blobs.Classes), training);

            Assert.AreEqual(42, options.FindSeed());
            Assert.AreEqual(7, (options with { Seed = 7 }).FindSeed());
            Assert.IsNull((options with { Checkpoints = options.Checkpoints with { Resume = false } }).FindSeed());
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [TestMethod]
    public void Resume_OfARunThatACallbackEnded_TrainsNothingAndHasItsResult()
    {
        using var store = new MemoryStore();
        var options = Options with { Optimizer = new Sgd { LearningRate = 1e-12 }, Callbacks = [new EarlyStopping { Patience = 1, MinimumChange = 1 }] };
        using var stopped = Fit(options, store);
        var steps = 0;

        using var resumed = Fit(options with { Checkpoints = options.Checkpoints! with { Resume = true }, Callbacks = [.. options.Callbacks, new LambdaCallback { OnStepEnd = _ => steps++ }] }, store);

        Assert.AreEqual(0, steps);
        StringAssert.Contains(stopped.History.StopReason, "has not improved");
        AreEqual(stopped, resumed, "stopped early");
    }

    [TestMethod]
    public void Resume_OfARunWhoseTimeWasOver_GoesOnOnlyWithMoreTime()
    {
        using var store = new MemoryStore();
        var options = Options with { TimeLimit = TimeSpan.FromTicks(1) };
        using var first = Fit(options, store);
        var resuming = options with { Checkpoints = Options.Checkpoints! with { Resume = true } };

        using var again = Fit(resuming, store);
        using var whole = Fit(resuming with { TimeLimit = TimeSpan.FromHours(1), MaxSteps = 3 }, store);

        Assert.AreEqual(1, again.History[^1].Step);
        AreEqual(first, again, "without more time");
        Assert.AreEqual(3, whole.History[^1].Step);
        Assert.IsNull(whole.History.StopReason);
    }

    [TestMethod]
    public void Resume_WithMoreEpochs_GoesOn()
    {
        using var store = new MemoryStore();
        var options = Options with { Schedule = new Constant() };   // others look at the end of the run
        using var whole = Fit(options with { Checkpoints = null });
        using var two = Fit(options with { Epochs = 2 }, store);

        using var three = Fit(options with { Checkpoints = options.Checkpoints! with { Resume = true } }, store);

        Assert.AreEqual(12, three.ResumedFromStep);
        AreEqual(whole, three, "one epoch more");
    }

    [TestMethod]
    public void Resume_WithoutACheckpoint_BeginsAnew()
    {
        using var store = new MemoryStore();

        using var result = Fit(Options with { Checkpoints = Options.Checkpoints! with { Resume = true } }, store);

        Assert.IsNull(result.ResumedFromStep);
        Assert.HasCount(3, result.History);
    }

    [TestMethod]
    public void Resume_WithoutASeed_TakesThatOfTheCheckpoint()
    {
        using var store = new MemoryStore();
        using var whole = Fit(Options with { Seed = null }, store);
        store.Latest = 5;

        using var resumed = Fit(Options with { Seed = null, Checkpoints = Options.Checkpoints! with { Resume = true, EverySteps = null } }, store);

        Assert.AreEqual(whole.Seed, resumed.Seed);
        AreEqual(whole, resumed, "same seed");
    }

    [TestMethod]
    public void Checkpoints_ThatCannotBeWritten_AreAWarningAndTrainingGoesOn()
    {
        var warnings = new List<string>();

        using var undisturbed = Fit(Options with { Checkpoints = null });
        using var result = new Trainer(Options with { Callbacks = [.. Options.Callbacks, new LambdaCallback { OnWarning = e => warnings.Add(e.Message) }] })
        {
            OpenStore = _ => new FullStore(),
        }.Fit(Network, Objective.Multiclass(Blobs.Classes), Training, Validation);

        Assert.Contains(warning => warning.EndsWith("There is no space left on the device.", StringComparison.Ordinal), warnings);
        AreEqual(undisturbed, result, "without a disk");
    }

    [TestMethod]
    public void Resume_OfAnotherRun_NamesEverythingThatDiffers()
    {
        using var store = new MemoryStore();
        using var first = Fit(Options, store);
        var other = Options with { BatchSize = 16, Seed = 2, Checkpoints = Options.Checkpoints! with { Resume = true } };

        var e = Assert.ThrowsExactly<InvalidDataException>(() => Fit(other, store));

        StringAssert.Contains(e.Message, "seed is 1, but here 2");
        StringAssert.Contains(e.Message, "batchSize is 8, but here 16");
    }

    [TestMethod]
    public void Resume_WithOtherOptionsThatShapeTheBits_Warns()
    {
        using var store = new MemoryStore();
        using var first = Fit(Options with { Epochs = 2 }, store);
        var warnings = new List<string>();
        var other = Options with { Optimizer = new AdamW { LearningRate = 5e-3 }, Callbacks = [.. Options.Callbacks, new LambdaCallback { OnWarning = e => warnings.Add(e.Message) }] };

        using var second = Fit(other with { Checkpoints = Options.Checkpoints! with { Resume = true } }, store, new CrossEntropy { LabelSmoothing = 0.25 });

        StringAssert.Contains(warnings.Single(), "epochs is 2, but here 3");
        StringAssert.Contains(warnings.Single(), "0.005");
        StringAssert.Contains(warnings.Single(), "0.25");
    }

    [TestMethod]
    public void Checkpoints_InAFolderThatHasSome_AreRefusedUnlessTheRunGoesOn()
    {
        using var store = new MemoryStore();
        using var first = Fit(Options, store);

        var e = Assert.ThrowsExactly<ArgumentException>(() => Fit(Options, store));

        StringAssert.StartsWith(e.Message, "The folder unused has checkpoints already, the newest of step 18: go on from it by Checkpointing.Resume, or choose another folder.");
    }

    internal static TrainerOptions Options => Blobs.Options with
    {
        BatchSize = 8, AccumulateBatches = 2, Schedule = new Cosine(), Checkpoints = new Checkpointing { Folder = "unused", EverySteps = 1, KeepLast = 1000 },
        Callbacks = [new EarlyStopping { Patience = 100 }],
    };

    private static Mlp Network => new() { Hidden = [8], Dropout = 0.5, Normalization = new BatchNorm() };

    private static TensorDataset Training => Blobs.Create(Rows, seed: 1);

    private static TensorDataset Validation => Blobs.Create(24, seed: 2);

    internal static TrainingResult Fit(TrainerOptions options, MemoryStore? store = null, LossDefinition? loss = null)
    {
        using var training = Training;
        using var validation = Validation;
        if (store is MemoryStore memory)   // one after the other, or one that waits would give way to a newer one
            options = options with { Callbacks = [.. options.Callbacks, new LambdaCallback { OnCheckpoint = e => memory.Await(e.Step) }] };
        return new Trainer(options) { OpenStore = _ => store! }.Fit(Network, Objective.Multiclass(Blobs.Classes, loss), training, validation);
    }

    internal static void AreEqual(TrainingResult expected, TrainingResult actual, string message)
    {
        CollectionAssert.AreEqual(Bits(expected.Network), Bits(actual.Network), message);
        Assert.AreEqual(Text(expected.History), Text(actual.History), message);
    }

    private static string Text(History history)
    {
        using var writer = new StringWriter();
        new History(history.Select(row => row with { Seconds = 0 })).Write(writer);
        return writer + history.StopReason;
    }

    private static byte[] Bits(nn.Module network) => [.. network.state_dict().Values.SelectMany(tensor => tensor.bytes.ToArray())];

    private sealed class FullStore : ICheckpointStore
    {
        public IReadOnlyList<long> Steps => [];

        public void Prepare() { }

        public void Write(Checkpoint checkpoint) => throw new IOException("There is no space left on the device.");

        public IReadOnlyDictionary<string, double> ReadMetrics(long step) => throw new InvalidDataException();

        public Checkpoint Read(long step) => throw new InvalidDataException();

        public Checkpoint? ReadLatest(Action<string> warn) => null;

        public void Delete(long step) { }
    }
}
