namespace MlComponents;

/// <summary>What was measured of one batch size.</summary>
/// <param name="BatchSize">Rows per batch.</param>
/// <param name="RowsPerSecond">Rows that were learned from in a second.</param>
/// <param name="MemoryBytes">The most memory in bytes that the process had by the end of the trial, where it trains on a CPU; null where it isn't known.</param>
public sealed record BatchSizeTrial(int BatchSize, double RowsPerSecond, long? MemoryBytes = null);

/// <summary>Batch sizes with their speed and memory, and the size that they suggest.</summary>
public sealed class BatchSizeTrials
{
    private const double NearlyAsFast = 0.9;

    /// <summary>Trials that were made.</summary>
    /// <param name="trials">At least one, by rising size.</param>
    /// <param name="outOfMemory">The first size that didn't fit into the device's memory, or null if all did.</param>
    /// <exception cref="ArgumentException">There is no trial, or the sizes don't rise.</exception>
    public BatchSizeTrials(IReadOnlyList<BatchSizeTrial> trials, int? outOfMemory = null)
    {
        ArgumentNullException.ThrowIfNull(trials);
        if (trials.Count == 0)
            throw new ArgumentException("There is no trial of a batch size.", nameof(trials));
        if (trials.Zip(trials.Skip(1)).Any(pair => pair.First.BatchSize >= pair.Second.BatchSize))
            throw new ArgumentException("The batch sizes must rise.", nameof(trials));

        Trials = [.. trials];
        OutOfMemory = outOfMemory;
        var fastest = trials.Max(trial => trial.RowsPerSecond);
        Suggestion = trials.First(trial => trial.RowsPerSecond >= NearlyAsFast * fastest).BatchSize;
    }

    /// <summary>The sizes that fitted, each twice the one before.</summary>
    public IReadOnlyList<BatchSizeTrial> Trials { get; }

    /// <summary>The first size that didn't fit into the device's memory; null where all did.</summary>
    public int? OutOfMemory { get; }

    /// <summary>The smallest size that is at least 90% as fast as the fastest: beyond it a larger batch costs memory and steps, and gains hardly any time.</summary>
    public int Suggestion { get; }

    /// <summary>The largest size that fitted.</summary>
    public int LargestFitting => Trials[^1].BatchSize;
}
