using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace MlComponents.MLNet;

/// <summary>How a network is trained in an ML.NET pipeline: <see cref="TrainerOptions"/>, and which columns it sees.</summary>
public sealed record TorchTrainerOptions : TrainerOptions
{
    /// <summary>Column with the label. Default <c>Label</c>.</summary>
    [Required]
    public string LabelColumnName { get; init; } = "Label";

    /// <summary>Column with the features, a vector of Single of fixed size. Default <c>Features</c>.</summary>
    [Required]
    public string FeatureColumnName { get; init; } = "Features";

    /// <summary>Column with each row's weight, a Single of at least 0. Null, the default: all rows weigh the same.</summary>
    public string? ExampleWeightColumnName { get; init; }

    /// <summary>
    /// What is minimised. Null, the default, is the task's own: <see cref="CrossEntropy"/>, <see cref="BinaryCrossEntropy"/> or <see cref="MeanSquaredError"/>.
    /// </summary>
    public LossDefinition? Loss { get; init; }

    /// <summary>
    /// What is measured on the validation rows besides the loss, each name once. Null, the default, is the task's own: <see cref="Accuracy"/>, <see cref="BinaryAccuracy"/>, or
    /// <see cref="MeanError"/>, absolute and root mean squared.
    /// </summary>
    public IReadOnlyList<MetricDefinition>? Metrics { get; init; }

    /// <summary>Rows to measure on after every epoch, with the columns of the trainer's own input, instead of <see cref="ValidationFraction"/>. Default: none.</summary>
    [JsonIgnore]
    public IDataView? ValidationSet { get; init; }

    /// <summary>Share of the training rows to measure on instead of learning from, drawn by the seed. Above 0 and below 1; null, the default: none. The rest must have at least two classes.</summary>
    [Range(0.0, 1.0, MinimumIsExclusive = true, MaximumIsExclusive = true)]
    public double? ValidationFraction { get; init; }

    /// <summary>Whether <see cref="ValidationFraction"/> holds for every class, to within one row, and leaves each a row to learn from; for labels that are classes. Default: false.</summary>
    public bool StratifyValidation { get; init; }

    /// <summary>
    /// Column with each row's group, such as the person of whom it is: text, a key or a number. <see cref="ValidationFraction"/> holds groups back as a whole, so that it is measured on none that was
    /// learned from. Null, the default: rows are held back one by one.
    /// </summary>
    public string? ValidationGroupColumnName { get; init; }

    /// <summary>Rows that the fitted model scores in one pass of the network. 1 to 65,536; default 256.</summary>
    [Range(1, 1 << 16)]
    public int ScoringBatchSize { get; init; } = 256;

    /// <summary>What happens to rows that can't be learned from. Default: they are an error.</summary>
    [EnumDataType(typeof(InvalidRows))]
    public InvalidRows InvalidRows { get; init; } = InvalidRows.Error;

    /// <summary>Called after every epoch with its row of the history, on the training thread. Default: nothing.</summary>
    [JsonIgnore]
    public Action<HistoryRow>? MetricsCallback { get; init; }

    /// <summary>
    /// Folder of the temporary file that rows are written to, as the numbers that they are, where they don't fit into <see cref="TrainerOptions.MemoryBudget"/> and are shuffled; it needs as much room as
    /// they take. Null, the default: the system's folder for temporary files.
    /// </summary>
    /// <remarks>On many systems that one is in memory: choose one on a disk there.</remarks>
    [JsonIgnore]
    public string? TemporaryFolder { get; init; }

    /// <inheritdoc/>
    public override IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        foreach (var problem in base.Validate(validationContext))
            yield return problem;
        if (ValidationSet is not null && ValidationFraction is { } fraction)
            yield return new(FormattableString.Invariant($"There are a ValidationSet and a ValidationFraction of {fraction}; give one of them, not both."));
        if (ValidationFraction is null && StratifyValidation)
            yield return new("StratifyValidation says how a ValidationFraction is held back, but there is none: give one, or leave it out.");
        if (ValidationFraction is null && ValidationGroupColumnName is { } unused)
            yield return new($"ValidationGroupColumnName is '{unused}', which says how a ValidationFraction is held back, but there is none: give one, or leave it out.");
        if (StratifyValidation && ValidationGroupColumnName is { } column)
            yield return new($"ValidationGroupColumnName is '{column}', but whole groups can't have every class's share, which StratifyValidation asks for: leave one of them out.");
    }

    /// <summary>The memory that rows may take in bytes.</summary>
    internal long MemoryForRows => RowMemory;

    /// <summary>Whether every epoch has an order of its own.</summary>
    internal bool MixesRows => Shuffles;

    /// <exception cref="ArgumentException">Rows of that size can't be streamed through that memory.</exception>
    internal void CheckMemoryForRows(long rowBytes) => CheckRowMemory(rowBytes);

    /// <summary>
    /// The components that shaped the model and that a file leaves out, because they aren't registered, as <c>property (type)</c>. Callbacks and metrics only watched.
    /// </summary>
    internal IReadOnlyList<string> Unregistered(ComponentRegistry registry)
    {
        IEnumerable<(string Property, ComponentDefinition? Component)> components =
        [
            (nameof(Optimizer), Optimizer), (nameof(Schedule), Schedule), (nameof(Average), Average), (nameof(Loss), Loss), (nameof(Sampler), Sampler),
            .. Augmentations.Select(augmentation => (nameof(Augmentations), (ComponentDefinition?)augmentation)),
        ];
        return [.. components.Where(each => each.Component is { } component && !registry.Contains(component)).Select(each => $"{each.Property} ({each.Component!.GetType().Name})")];
    }

    /// <inheritdoc/>
    protected override TrainerOptions WithRegisteredOnly(ComponentRegistry registry)
    {
        var options = (TorchTrainerOptions)base.WithRegisteredOnly(registry);
        return options with
        {
            Loss = Loss is not null && registry.Contains(Loss) ? Loss : null,
            Metrics = Metrics is null ? null : [.. Metrics.Where(registry.Contains)],
        };
    }
}
