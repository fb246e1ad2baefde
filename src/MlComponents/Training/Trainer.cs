
namespace MlComponents;

/// <summary>Trains networks: builds one from its definition, runs the loop, gives it back with its history.</summary>
/// <remarks>
/// It holds options only, so it can be used again; every <see cref="Fit(NetworkDefinition, Objective, Dataset, Dataset?)"/> builds everything afresh. A run
/// seeds libtorch's generator, of which a process has one: runs side by side are allowed, but only runs one after another repeat.
/// </remarks>
public sealed class Trainer
{
    private readonly TrainerOptions options;
    private readonly IProcessGroup group;

    /// <summary>Creates a trainer.</summary>
    /// <param name="options">How to train; checked here, all at once. Null: all defaults.</param>
    /// <param name="group">
    /// The processes that train together: they begin with the weights of rank 0 and step by the mean of their gradients. Each learns from the rows that it is
    /// given. Null: this one alone.
    /// </param>
    /// <exception cref="System.ComponentModel.DataAnnotations.ValidationException">At least one option is not allowed.</exception>
    /// <exception cref="DllNotFoundException">libtorch can't be loaded; the message says what was looked for, where, and what to do.</exception>
    public Trainer(TrainerOptions? options = null, IProcessGroup? group = null)
    {
        NativeLibraries.EnsureLoaded();
        this.options = options ?? new TrainerOptions();
        this.options.Validate();
        this.group = group ?? SingleProcess.Instance;
    }

    /// <summary>Opens the place of the checkpoints.</summary>
    internal Func<Checkpointing, ICheckpointStore> OpenStore { get; init; } = checkpoints => new CheckpointFolder(checkpoints.Folder);

    /// <summary>Trains a network given as a function.</summary>
    /// <inheritdoc cref="Fit(NetworkDefinition, Objective, Dataset, Dataset?)"/>
    public TrainingResult Fit(Func<NetworkContext, nn.Module> network, Objective objective, Dataset training, Dataset? validation = null) =>
        Fit(NetworkDefinition.From(network), objective, training, validation);

    /// <summary>Trains a network.</summary>
    /// <param name="network">What to build.</param>
    /// <param name="objective">What the task is.</param>
    /// <param name="training">Rows to learn from; at least as many as the batch size.</param>
    /// <param name="validation">Rows to measure on after every epoch, or null for none.</param>
    /// <returns>The network, which belongs to the caller, in eval mode.</returns>
    /// <exception cref="ArgumentException">The data, the network and the options don't fit together.</exception>
    /// <exception cref="OperationCanceledException">The run was cancelled before its first step.</exception>
    /// <exception cref="NonFiniteLossException">The loss became NaN or infinite.</exception>
    public TrainingResult Fit(NetworkDefinition network, Objective objective, Dataset training, Dataset? validation = null)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(objective);
        ArgumentNullException.ThrowIfNull(training);
        network.Validate();
        CheckRows(training, validation);

        var device = Devices.Parse(options.DataParallelDevices is [var first, ..] ? first : options.Device);
        var store = options.Checkpoints is { } checkpoints ? OpenStore(checkpoints) : null;
        using var resume = ResumePoint.Find(options, store);
        var seed = options.Seed ?? resume.Seed ?? Random.Shared.Next();
        var sampler = CreateSampler(training, seed);
        var precision = PrecisionPolicy.Of(options.Precision, device);
        var context = NetworkContext.Of(network.ShapeSeen(training.Shapes[Batch.FeaturesName]), objective.Outputs) with { Device = device, DType = precision.NetworkType };

        using var randomness = new RandomState(seed);
        using var tf32 = new Tf32(options.AllowTf32);
        using var validationLoader = validation is null ? null : ValidationLoader(validation, context);
        var validator = new Validator(objective, validationLoader, precision, options.Average);
        var module = network.Build(context);
        try
        {
            var rows = training is StreamingDataset stream && options.Shuffles ? new ShuffledStream(stream, options.PoolRows(stream), seed) : training;
            using var loader = TrainingLoader(rows, sampler, context, seed);
            var misfits = resume.Checkpoint is null ? options.InitialWeights?.LoadInto(module) : null;
            using var run = new TrainingRun(options, network, module, context, validator.Directions, sampler?.Count ?? training.Count, validation?.Count ?? 0, loader.Count, seed)
            {
                Objective = objective, Rank = group.Rank, DataRows = training.Count, Order = (rows as StreamingDataset)?.Order,
            };
            if (misfits is not null)
                run.Warn(misfits);
            objective.To(device);
            using var loop = new TrainingLoop(run, objective, group, loader, validator, precision);
            loop.Run(store, resume);

            module.eval();
            return new TrainingResult(module, context, run.History, seed, run.ResumedFromStep);
        }
        catch
        {
            module.Dispose();
            throw;
        }
    }

    /// <summary>The order of the rows that can be read by number; null for a stream.</summary>
    private Sampler? CreateSampler(Dataset data, int seed)
    {
        if (data is not MapDataset map)
            return options.Sampler is null ? null : throw new ArgumentException(
                $"The sampler {options.Sampler.GetType().Name} reads rows by number, but the training rows are a stream, which is read in its own order: leave Sampler out, or train on a MapDataset.", nameof(data));
        var sampler = options.Sampler?.Create(new(map, seed)) ?? (options.Shuffles ? new RandomSampler(data.Count, seed) : new SequentialSampler(data.Count));
        return options.BatchSize <= sampler.Count ? sampler : throw new ArgumentException(
            $"BatchSize is {options.BatchSize}, but the sampler {options.Sampler!.GetType().Name} reads only {sampler.Count} rows in an epoch: use a batch size of at most {sampler.Count}.", nameof(data));
    }

    private DataLoader TrainingLoader(Dataset data, Sampler? sampler, NetworkContext context, int seed)
    {
        if (options.Sampler is { UsesWeights: true })
            data = new UnweightedRows((MapDataset)data);
        var augmenter = options.Augmentations is [] ? null : new Augmenter(options.Augmentations, seed, new Dictionary<string, long[]>(data.Shapes) { [Batch.FeaturesName] = context.InputShape });
        var maxBatches = options.DryRun ? 1 : options.OverfitBatches;
        return Loader(data, sampler, options.BatchSize, options.DropLast, context, augmenter, maxBatches);
    }

    private DataLoader ValidationLoader(Dataset data, NetworkContext context) =>
        Loader(data, data is MapDataset ? new SequentialSampler(data.Count) : null, options.ValidationBatchSize, dropLast: false, context);

    private DataLoader Loader(Dataset data, Sampler? sampler, int batchSize, bool dropLast, NetworkContext context, Augmenter? augmenter = null, long? maxBatches = null)
    {
        IBatchSource batches = data is MapDataset map ? new MapSource(map, new SizedBatches(sampler!, batchSize, dropLast)) : new StreamSource((StreamingDataset)data, batchSize, dropLast);
        return new(batches, data, context.Device)
        {
            FeaturesShape = context.InputShape, FeaturesType = context.DType, Prefetching = options.Prefetching, Augmenter = augmenter, MaxBatches = maxBatches,
        };
    }

    private void CheckRows(Dataset training, Dataset? validation)
    {
        if (training.Count == 0)
            throw new ArgumentException("There are no training rows.", nameof(training));
        if (validation is { Count: 0 })
            throw new ArgumentException("There are no validation rows: leave the validation set out, or give it some.", nameof(validation));
        if (validation is null && options.ValidationOnly() is { Count: > 0 } unused)
            throw new ArgumentException($"{string.Join(" and ", unused)} can't be without validation rows: give some, or leave {(unused.Count == 1 ? "it" : "them")} out.", nameof(validation));
        if (!training.Shapes.ContainsKey(Batch.FeaturesName))
            throw new ArgumentException($"The training rows have no tensor '{Batch.FeaturesName}'; they have {string.Join(", ", training.Shapes.Keys)}.", nameof(training));
        foreach (var (name, shape) in training.Shapes)
            if (validation is not null && !(validation.Shapes.TryGetValue(name, out var other) && other.SequenceEqual(shape)) && name != Batch.WeightName)
                throw new ArgumentException(
                    $"One '{name}' of the training rows has the shape {Shown.Shape(shape)}, but of the validation rows {(other is null ? "there is none" : $"[{string.Join(", ", other)}]")}.", nameof(validation));
        if (options.Sampler is null && options.BatchSize > training.Count)
            throw new ArgumentException(
                $"BatchSize is {options.BatchSize}, but there are only {training.Count} training rows: use a batch size of at most {training.Count}.", nameof(training));
        if (training is StreamingDataset stream)
            options.CheckRowMemory(stream.ExampleBytes);
    }
}
