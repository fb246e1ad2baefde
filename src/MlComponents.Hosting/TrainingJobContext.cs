using Microsoft.ML;

namespace MlComponents.Hosting;

/// <summary>What a job's functions work with; a new one for every run.</summary>
public sealed class TrainingJobContext
{
    internal TrainingJobContext() { }

    /// <summary>The job's name.</summary>
    public required string Job { get; init; }

    /// <summary>The ML.NET context of this run; its messages go to the host's log, category <c>Microsoft.ML</c>.</summary>
    public required MLContext ML { get; init; }

    /// <summary>Cancelled when the host stops.</summary>
    public required CancellationToken CancellationToken { get; init; }

    /// <summary>Callbacks that log the run's progress and keep its history; <see cref="Attach"/> puts them into a trainer's options.</summary>
    public required IReadOnlyList<CallbackDefinition> Callbacks { get; init; }

    /// <summary>Full path of the run's own folder, which exists: <c>model.zip</c> and <c>history.jsonl</c> will be in it, and whatever else the job writes.</summary>
    public required string OutputFolder { get; init; }

    /// <summary>The host's services; those with a scope are this run's own.</summary>
    public required IServiceProvider Services { get; init; }

    /// <summary>Trainer options with this run's <see cref="CancellationToken"/>, and its <see cref="Callbacks"/> after their own.</summary>
    public TOptions Attach<TOptions>(TOptions options) where TOptions : TrainerOptions
    {
        ArgumentNullException.ThrowIfNull(options);
        var attached = (TrainerOptions)options with { CancellationToken = CancellationToken, Callbacks = [.. options.Callbacks, .. Callbacks] };
        return (TOptions)attached;
    }
}
