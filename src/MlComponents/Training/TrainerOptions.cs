using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace MlComponents;

/// <summary>How a network is trained.</summary>
public record TrainerOptions : IValidatableObject
{
    /// <summary>Passes over the training rows, where <see cref="MaxSteps"/> isn't given. At least 1; default 10.</summary>
    [Range(1, int.MaxValue)]
    public int Epochs { get; init; } = 10;

    /// <summary>Optimizer steps of the run, through as many epochs as that takes, instead of <see cref="Epochs"/>. At least 1; null, the default: not given.</summary>
    [Range(1, int.MaxValue)]
    public int? MaxSteps { get; init; }

    /// <summary>
    /// Time after which the run ends within one step, validated once more, with what it has learned by then. Above 0; null, the default: none. What a run with a limit ends with
    /// depends on the machine's speed.
    /// </summary>
    public TimeSpan? TimeLimit { get; init; }

    /// <summary>Rows per batch on each rank, at most as many as there are training rows. 1 to 1,048,576; default 32.</summary>
    [Range(1, 1 << 20)]
    public int BatchSize { get; init; } = 32;

    /// <summary>Whether the rows that don't fill an epoch's last batch are left out of that epoch. Default: false.</summary>
    public bool DropLast { get; init; }

    /// <summary>
    /// Batches that make one optimizer step: their gradients are added up, each with the weight of its rows, so that the step is that of one batch of all of them. Batch norm
    /// sees each on its own. At least 1; default 1.
    /// </summary>
    [Range(1, int.MaxValue)]
    public int AccumulateBatches { get; init; } = 1;

    /// <summary>Random changes of the training rows, in this order. Default: none.</summary>
    [Required]
    public IReadOnlyList<AugmentationDefinition> Augmentations { get; init; } = [];

    /// <summary>Weights to start with. Null, the default: random ones, drawn by the seed.</summary>
    public InitialWeights? InitialWeights { get; init; }

    /// <summary>Parameters that don't learn, for the whole run or for some epochs. Default: none.</summary>
    [Required]
    public IReadOnlyList<Freeze> Freeze { get; init; } = [];

    /// <summary>How the weights move. Default: <see cref="AdamW"/> with a learning rate of 1e-3.</summary>
    [Required]
    public OptimizerDefinition Optimizer { get; init; } = new AdamW();

    /// <summary>Parameters with a learning rate or a weight decay of their own; the first group that means a parameter has it. Default: none.</summary>
    [Required]
    public IReadOnlyList<ParameterGroup> ParameterGroups { get; init; } = [];

    /// <summary>Whether the optimizer's weight decay holds for biases and for the weights of normalizations too: for all parameters of at most one dimension. Default: true.</summary>
    public bool DecayBiasesAndNorms { get; init; } = true;

    /// <summary>How the learning rate changes over the run. Default: <see cref="Constant"/>.</summary>
    [Required]
    public ScheduleDefinition Schedule { get; init; } = new Constant();

    /// <summary>Largest L2 norm of all gradients together; larger ones are scaled down. Above 0; null, the default, never clips.</summary>
    [Range(0, double.MaxValue, MinimumIsExclusive = true)]
    public double? MaxGradientNorm { get; init; }

    /// <summary>Largest absolute value of any gradient; larger ones are cut to it, before the norm is. Above 0; null, the default, never clips.</summary>
    [Range(0, double.MaxValue, MinimumIsExclusive = true)]
    public double? MaxGradientValue { get; init; }

    /// <summary>An average of the weights, which is validated beside them and is what the run ends with. Null, the default: none.</summary>
    public WeightAverageDefinition? Average { get; init; }

    /// <summary>The numbers in which the network is trained. Default: <see cref="TrainingPrecision.Float32"/>.</summary>
    [EnumDataType(typeof(TrainingPrecision))]
    public TrainingPrecision Precision { get; init; } = TrainingPrecision.Float32;

    /// <summary>Whether a GPU may multiply float32 matrices and convolve in tf32, with 10 bits after the point, during the run; a CPU never does. Default: false.</summary>
    public bool AllowTf32 { get; init; }

    /// <summary>
    /// Names of modules from one tensor to one tensor, in which <c>*</c> stands for any characters, e.g. <c>layer1.*</c>: they keep their input alone and are computed once more in
    /// the backward pass, with the same random numbers: less memory for more time, and the same gradients (Chen et al., arXiv 1604.06174). Of modules inside of one another the outer
    /// one counts. Default: none.
    /// </summary>
    /// <remarks>A module that changes its own input in place can't be among them.</remarks>
    [Required]
    public IReadOnlyList<string> CheckpointBlocks { get; init; } = [];

    /// <summary>
    /// Whether a batch for which the device has no memory is computed in halves from then on, down to single rows, with a warning; their gradients add up as with
    /// <see cref="AccumulateBatches"/>. Otherwise that is an error. Default: true.
    /// </summary>
    public bool HalveBatchWhenOutOfMemory { get; init; } = true;

    /// <summary>Watches the run, in this order. Default: none.</summary>
    [Required]
    public IReadOnlyList<CallbackDefinition> Callbacks { get; init; } = [];

    /// <summary>
    /// The validation metric by which the best model so far is known when a run is cancelled, unless an <see cref="EarlyStopping"/> restores that of its own
    /// metric. One of the metrics of the task; default <c>validation/loss</c>.
    /// </summary>
    [Required]
    public string Monitor { get; init; } = MetricNames.ValidationLoss;

    /// <summary>Seed of the initial weights, of dropout and of the order of the rows. Null, the default: drawn, and recorded in the result.</summary>
    public int? Seed { get; init; }

    /// <summary>Where to train: <c>auto</c>, <c>cpu</c>, <c>cuda</c> or <c>cuda:N</c>. Default <c>auto</c>: the first CUDA device, or the CPU where there is none.</summary>
    [Required]
    public string Device { get; init; } = Devices.Auto;

    /// <summary>
    /// Devices that share the rows of every batch, each with a copy of the network, e.g. <c>["cuda:0", "cuda:1"]</c>; the loss is computed, and the gradients are summed, on the first, which is
    /// <see cref="Device"/> where that isn't <c>auto</c>. Batch norm sees each part on its own and keeps the statistics of the first. Default: none, only <see cref="Device"/>.
    /// </summary>
    [Required]
    public IReadOnlyList<string> DataParallelDevices { get; init; } = [];

    /// <summary>Whether the rows come in a new random order in every epoch. Default: true.</summary>
    public bool Shuffle { get; init; } = true;

    /// <summary>
    /// Which of the training rows an epoch reads, and in which order; for rows that can be read by number, and with <see cref="Shuffle"/> alone. Null, the default: all of them once, as
    /// <see cref="Shuffle"/> says.
    /// </summary>
    public SamplerDefinition? Sampler { get; init; }

    /// <summary>How batches are read ahead of the steps. Default: not at all.</summary>
    [Required]
    public Prefetching Prefetching { get; init; } = new();

    /// <summary>
    /// Bytes of memory that rows may take: the pool from which those of a stream are drawn in random order takes half of it, and must hold a batch. At least 1,048,576; null, the default: a quarter of the memory
    /// that the process may use, at most 4,294,967,296. With another pool the rows come in another order.
    /// </summary>
    [Range(1 << 20, double.MaxValue)]
    public long? MemoryBudget { get; init; }

    /// <summary>
    /// Rows per validation batch. It changes memory and speed, and no result but that of losses that look at a batch as a whole, see
    /// <see cref="MetricNames.ValidationLoss"/>. 1 to 1,048,576; default 1024.
    /// </summary>
    [Range(1, 1 << 20)]
    public int ValidationBatchSize { get; init; } = 1024;

    /// <summary>Steps between two validations, and one after the last step; there must be validation rows. At least 1; null, the default: one after every epoch.</summary>
    [Range(1, int.MaxValue)]
    public int? ValidateEvery { get; init; }

    /// <summary>Validation batches that are tried before the first step, so that an error there doesn't come after an epoch of work; nobody is told their metrics, and there must be validation rows. At least 0; default 0.</summary>
    [Range(0, int.MaxValue)]
    public int SanityValidationBatches { get; init; }

    /// <summary>Learns from the first so many batches alone, in every epoch, to see that the network can. At least 1; null, the default: from all.</summary>
    [Range(1, int.MaxValue)]
    public int? OverfitBatches { get; init; }

    /// <summary>Checkpoints of the run, and whether it goes on from one. Null, the default: none. A model's file leaves them out.</summary>
    public Checkpointing? Checkpoints { get; init; }

    /// <summary>Steps between two readings of loss and gradient norm, which wait for the device. At least 1; null, the default: 1 on a CPU, 50 on CUDA.</summary>
    [Range(1, int.MaxValue)]
    public int? LogEvery { get; init; }

    /// <summary>Whether to run one training batch and one validation batch only, to see that everything fits together. Default: false.</summary>
    public bool DryRun { get; init; }

    /// <summary>
    /// Ends the run within one step: the result is the best model so far, before the first validation the current one, and
    /// <see cref="History.StopReason"/> says so. Before the first step it is an <see cref="OperationCanceledException"/>. Default: never.
    /// </summary>
    [JsonIgnore]
    public CancellationToken CancellationToken { get; init; }

    /// <summary>Checks all options at once, those of the components inside included.</summary>
    /// <exception cref="ValidationException">At least one value is not allowed; the message lists all of them.</exception>
    public void Validate() => OptionsValidation.Validate(this);

    /// <summary>The seed of the run before it begins, for what else is drawn by it, as the rows to validate on.</summary>
    /// <returns><see cref="Seed"/>, or else that of the checkpoint from which the run goes on; null where one is to be drawn.</returns>
    /// <exception cref="InvalidDataException">The newest checkpoint is of a newer format.</exception>
    public int? FindSeed()
    {
        if (Seed is not null || Checkpoints is not { Resume: true } checkpoints)
            return Seed;
        NativeLibraries.EnsureLoaded();
        using var resume = ResumePoint.Find(this, new CheckpointFolder(checkpoints.Folder));
        return resume.Seed;
    }

    /// <inheritdoc/>
    public virtual IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Average is StochasticWeightAveraging { StartEpoch: { } start } && MaxSteps is null && start > Epochs)
            yield return new($"Average.StartEpoch is {start}, but the run has {Epochs} epochs: it must be at most {Epochs}.");
        var mixing = Augmentations.Where(augmentation => augmentation.IsMixing).Select(augmentation => augmentation.GetType().Name).ToList();
        if (mixing.Count > 1)
            yield return new($"Augmentations has {string.Join(" and ", mixing)}, but an example can be mixed with one other only: leave all but one of them out.");
        if (DataParallelDevices is [var first, ..] && Device != Devices.Auto && Device != first)
            yield return new($"Device is '{Device}', but the first of DataParallelDevices is '{first}': they must be the same, or Device must be 'auto'.");
        if (CheckpointBlocks.Count > 0 && DataParallelDevices.Count > 1 && DataParallelDevices.Any(name => name != "cpu"))
            yield return new("CheckpointBlocks can't repeat the random numbers of several devices at once: leave it or DataParallelDevices empty, or use 'cpu' alone.");
        if (Sampler is not null && !Shuffle)
            yield return new($"Shuffle is false, but the Sampler, {Sampler.GetType().Name}, draws the order of the rows: leave one of them out.");
        if (Sampler is not null && OverfitBatches is { } overfit)
            yield return new($"OverfitBatches {overfit} learns from the first rows in their own order, but there is a Sampler, {Sampler.GetType().Name}: leave one of them out.");
        if (Prefetching.Timeout <= TimeSpan.Zero)
            yield return new($"Prefetching.Timeout is {Prefetching.Timeout}: it must be above 0, or null for none.");
        if (TimeLimit <= TimeSpan.Zero)
            yield return new($"TimeLimit is {TimeLimit}: it must be above 0, or null for none.");
        if (DryRun && Checkpoints is { Resume: true })
            yield return new("DryRun tries a run of one step, and Checkpoints.Resume goes on with another: leave one of them out.");
    }

    /// <summary>The memory that rows may take in bytes, given or not.</summary>
    protected internal long RowMemory => MemoryBudget ?? Math.Clamp(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 4, 1L << 20, 1L << 32);

    /// <summary>Rows of a stream's pool, which takes half of the memory for rows.</summary>
    internal long PoolRows(StreamingDataset stream) => Math.Clamp(RowMemory / 2 / Math.Max(1, stream.ExampleBytes), 1, Math.Max(1, stream.Count));

    /// <summary>The least memory for rows with which a stream can be read: the half that its pool takes holds a batch.</summary>
    /// <param name="exampleBytes">What one example takes.</param>
    /// <param name="batchSize">Examples per batch.</param>
    internal static long LeastRowMemory(long exampleBytes, long batchSize) => 2 * batchSize * exampleBytes;

    /// <exception cref="ArgumentException">The memory for rows is too small for a stream.</exception>
    protected internal void CheckRowMemory(long exampleBytes)
    {
        if (LeastRowMemory(exampleBytes, BatchSize) is var least && least > RowMemory)
            throw new ArgumentException(
                $"{nameof(MemoryBudget)} is {RowMemory} bytes, of which half is for the pool of a stream, but a batch of {BatchSize} rows takes {least / 2}: give at least {least}, or use a smaller batch.");
    }

    /// <summary>Whether an epoch has an order of its own.</summary>
    protected internal bool Shuffles => Shuffle && OverfitBatches is null;

    /// <summary>The options that are given and mean nothing without validation rows, with their values.</summary>
    internal IReadOnlyList<string> ValidationOnly()
    {
        var given = new List<string>();
        if (ValidateEvery is { } every)
            given.Add($"{nameof(ValidateEvery)} {every}");
        if (SanityValidationBatches > 0)
            given.Add($"{nameof(SanityValidationBatches)} {SanityValidationBatches}");
        if (Checkpoints?.Metric is { } metric)
            given.Add($"{nameof(Checkpointing)}.{nameof(Checkpointing.Metric)} '{metric}'");
        return given;
    }

    /// <summary>These options as JSON, without what isn't data: functions, data sets, and components that aren't registered.</summary>
    /// <param name="registry">Where names are looked up. Null: <see cref="ComponentRegistry.Default"/>.</param>
    public string ToJson(ComponentRegistry? registry = null)
    {
        registry ??= ComponentRegistry.Default;
        var written = WithRegisteredOnly(registry);
        return JsonSerializer.Serialize(written, written.GetType(), ComponentJson.Options(registry));
    }

    /// <summary>Options without the components that a registry has no name for; a file leaves them out.</summary>
    protected virtual TrainerOptions WithRegisteredOnly(ComponentRegistry registry)
    {
        ArgumentNullException.ThrowIfNull(registry);
        return this with
        {
            Callbacks = [.. Callbacks.Where(registry.Contains)],
            Optimizer = registry.Contains(Optimizer) ? Optimizer : null!,
            Schedule = registry.Contains(Schedule) ? Schedule : null!,
            Average = Average is not null && registry.Contains(Average) ? Average : null,
            Sampler = Sampler is not null && registry.Contains(Sampler) ? Sampler : null,
            InitialWeights = InitialWeights is { IsData: true } ? InitialWeights : null,
            Augmentations = [.. Augmentations.Where(registry.Contains)],
            Checkpoints = null,
        };
    }
}
