using System.ComponentModel.DataAnnotations;

namespace MlComponents;

/// <summary>When a run's checkpoints are written, which are kept, and whether the run goes on from one.</summary>
public sealed record Checkpointing
{
    /// <summary>The folder that holds the checkpoints, one folder <c>step-00001234</c> each; created when it isn't there.</summary>
    [Required]
    public required string Folder { get; init; }

    /// <summary>Steps between two checkpoints. At least 1; null, the default: none in between.</summary>
    [Range(1, int.MaxValue)]
    public int? EverySteps { get; init; }

    /// <summary>Minutes between two checkpoints. Above 0; null, the default: none in between.</summary>
    [Range(0, double.MaxValue, MinimumIsExclusive = true)]
    public double? EveryMinutes { get; init; }

    /// <summary>Whether there is one after every epoch. Default: true.</summary>
    public bool EveryEpoch { get; init; } = true;

    /// <summary>Newest checkpoints that are kept. At least 1; default 2, so that a damaged one has another before it.</summary>
    [Range(1, int.MaxValue)]
    public int KeepLast { get; init; } = 2;

    /// <summary>Checkpoints that are kept for being the best by <see cref="Metric"/>. At least 0; default 1.</summary>
    [Range(0, int.MaxValue)]
    public int KeepBest { get; init; } = 1;

    /// <summary>The validation metric of the best ones; there must be validation rows. Null, the default: <see cref="TrainerOptions.Monitor"/>.</summary>
    public string? Metric { get; init; }

    /// <summary>Whether there is one when the run ends by an error. Default: true.</summary>
    public bool OnError { get; init; } = true;

    /// <summary>Whether there is one when the run is cancelled. Default: true.</summary>
    public bool OnCancellation { get; init; } = true;

    /// <summary>Whether the run goes on from the newest sound checkpoint in the folder; it starts anew where there is none. Default: false.</summary>
    public bool Resume { get; init; }
}
