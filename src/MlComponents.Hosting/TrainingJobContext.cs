using Microsoft.ML;

namespace MlComponents.Hosting;

/// <summary>What a job's functions work with; a new one for every run.</summary>
public sealed class TrainingJobContext
{
    private readonly TrainingHostOptions host;

    internal TrainingJobContext(TrainingHostOptions host) => this.host = host;

    /// <summary>The job's name.</summary>
    public required string Job { get; init; }

    /// <summary>The ML.NET context of this run; its messages go to the host's log, category <c>Microsoft.ML</c>.</summary>
    public required MLContext ML { get; init; }

    /// <summary>Cancelled when the host stops.</summary>
    public required CancellationToken CancellationToken { get; init; }

    /// <summary>
    /// Callbacks that log the run's progress, keep its history and write it for TensorBoard, and those of <see cref="TrainingBuilder.AddCallback"/>; <see cref="Attach"/> puts them into a
    /// trainer's options. Default: none.
    /// </summary>
    public IReadOnlyList<CallbackDefinition> Callbacks { get; internal set; } = [];

    /// <summary>Full path of the run's own folder, which exists: <c>model.zip</c>, <c>history.jsonl</c> and the folder <c>tensorboard</c> will be in it, and whatever else the job writes.</summary>
    public required string OutputFolder { get; init; }

    /// <summary>The host's services; those with a scope are this run's own.</summary>
    public required IServiceProvider Services { get; init; }

    /// <summary>
    /// Trainer options with this run's <see cref="CancellationToken"/>, its <see cref="Callbacks"/> after their own, and the host's <see cref="TrainingHostOptions.Workers"/> and
    /// <see cref="TrainingHostOptions.MemoryBudget"/> where it has some.
    /// </summary>
    public TOptions Attach<TOptions>(TOptions options) where TOptions : TrainerOptions
    {
        ArgumentNullException.ThrowIfNull(options);
        var attached = (TrainerOptions)options with
        {
            CancellationToken = CancellationToken, Callbacks = [.. options.Callbacks, .. Callbacks], MemoryBudget = host.MemoryBudget ?? options.MemoryBudget,
            Prefetching = options.Prefetching with { Workers = host.Workers ?? options.Prefetching.Workers },
        };
        return (TOptions)attached;
    }
}
