using MlComponents.Reporting;

namespace MlComponents.ResumeProbe;

/// <summary>A small run with everything on that has a state: dropout, batch norm, augmentation, shuffling, moments, a schedule by the validations, an average, callbacks.</summary>
internal static class Run
{
    /// <summary>Trains to the end, or until it is killed.</summary>
    /// <param name="folder">Folder of the checkpoints and of the report.</param>
    /// <param name="workers">Threads that read batches ahead.</param>
    /// <param name="moment">When it is killed.</param>
    public static TrainingResult Train(string folder, int workers, Moment moment)
    {
        TrainingRun? run = null;
        var watch = new LambdaCallback
        {
            OnTrainStart = e => run = e.Run,
            OnStepStart = e => moment.InStep(e.Step),
            OnBackwardEnd = e => moment.InStep(e.Step),
            OnStepEnd = e => moment.InStep(e.Step),
            OnWarning = e => Console.WriteLine($"warning {e.Message}"),
            OnTrainEnd = _ => moment.AtEnd(),
        };
        CallbackDefinition[] callbacks =
        [
            new Nudge(), new EarlyStopping("validation/ema/loss") { Patience = 1000, RestoreBest = false }, new HtmlReport { Path = Path.Combine(folder, "report.html") }, watch,
        ];
        var trainer = new Trainer(Options(folder) with { Prefetching = new() { Workers = workers }, Callbacks = callbacks })
        {
            OpenStore = checkpoints => new CheckpointFolder(checkpoints.Folder, file => new WatchedFile((FileStream)file, moment)),
        };
        using var objective = Objective.Multiclass(4);
        using var training = Pictures(98);
        using var validation = Pictures(40);
        return trainer.Fit(Network, objective, training, new WatchedDataset(validation, () => moment.InValidation(run?.Step ?? 0)));
    }

    private static NetworkDefinition Network { get; } = new ConvNet { Blocks = [new() { Channels = 4 }], Hidden = 16, Dropout = 0.3 };

    private static TrainerOptions Options(string folder) => new()
    {
        MaxSteps = 160,
        BatchSize = 8,            // 13 batches, the last one ragged, in 7 steps
        AccumulateBatches = 2,
        Augmentations = [new RandomCrop { Padding = 1 }, new RandomAffine(), new RandomErasing(), new MixUp { Probability = 0.5 }],
        Schedule = new Product(new Warmup { Steps = 20, Then = new Cosine() }, new ReduceOnPlateau { Gamma = 0.8, Patience = 2 }),
        Average = new ExponentialMovingAverage { Decay = 0.95, UpdateEvery = 2 },
        MaxGradientNorm = 1,
        ValidateEvery = 5,
        ValidationBatchSize = 16,
        Seed = 7,
        Device = "cpu",
        Checkpoints = new Checkpointing { Folder = folder, EverySteps = 6, Resume = true },
    };

    /// <summary>Pictures of four kinds that are hard to tell apart.</summary>
    private static TensorDataset Pictures(int count)
    {
        using var scope = NewDisposeScope();
        manual_seed(count);
        var label = arange(count) % 4;                                                             // [N]
        var features = rand(count, 1, 8, 8) + 0.1f * label.reshape(-1, 1, 1, 1).to(float32);       // [N, 1, 8, 8]
        return new(features, label);
    }
}
