using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace MlComponents;

/// <summary>How a network is trained.</summary>
public record TrainerOptions
{
    /// <summary>Passes over the training rows. At least 1; default 10.</summary>
    [Range(1, int.MaxValue)]
    public int Epochs { get; init; } = 10;

    /// <summary>Rows per optimizer step on each rank, at most as many as there are training rows. 1 to 1,048,576; default 32.</summary>
    [Range(1, 1 << 20)]
    public int BatchSize { get; init; } = 32;

    /// <summary>How the weights move. Default: <see cref="AdamW"/> with a learning rate of 1e-3.</summary>
    [Required]
    public OptimizerDefinition Optimizer { get; init; } = new AdamW();

    /// <summary>How the learning rate changes over the run. Default: <see cref="Constant"/>.</summary>
    [Required]
    public ScheduleDefinition Schedule { get; init; } = new Constant();

    /// <summary>Largest L2 norm of all gradients together; larger ones are scaled down. Above 0; null, the default, never clips.</summary>
    [Range(0, double.MaxValue, MinimumIsExclusive = true)]
    public double? MaxGradientNorm { get; init; }

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

    /// <summary>Whether the rows come in a new random order in every epoch. Default: true.</summary>
    public bool Shuffle { get; init; } = true;

    /// <summary>
    /// Rows per validation batch. It changes memory and speed, and no result but that of losses that look at a batch as a whole, see
    /// <see cref="MetricNames.ValidationLoss"/>. 1 to 1,048,576; default 1024.
    /// </summary>
    [Range(1, 1 << 20)]
    public int ValidationBatchSize { get; init; } = 1024;

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
        };
    }
}
