namespace MlComponents;

/// <summary>A checkpoint as <see cref="Retention"/> sees it.</summary>
/// <param name="Step">Its step.</param>
/// <param name="Metrics">The metrics of the latest validation before it, by their full names.</param>
internal sealed record KeptCheckpoint(long Step, IReadOnlyDictionary<string, double> Metrics);

/// <summary>Which checkpoints are kept: the newest, and those with the best value of a metric.</summary>
/// <param name="newest">How many of the newest. At least 1.</param>
/// <param name="best">How many of the best. At least 0.</param>
/// <param name="metric">The full name of the metric of the best; null: none is kept for being good.</param>
/// <param name="direction">Whether smaller or larger values of it are better.</param>
/// <remarks>
/// Of equal values the older is the better: the later ones have the metrics of the same validation but weights that were never validated, or are no improvement. NaN,
/// and no value at all, is never good.
/// </remarks>
internal sealed class Retention(int newest, int best, string? metric, MetricDirection direction)
{
    /// <summary>The steps of those that needn't be kept, in ascending order; the newest is never among them.</summary>
    public IReadOnlyList<long> Superfluous(IReadOnlyCollection<KeptCheckpoint> checkpoints)
    {
        var kept = checkpoints.Select(checkpoint => checkpoint.Step).OrderDescending().Take(newest).Concat(Best(checkpoints)).ToHashSet();
        return [.. checkpoints.Select(checkpoint => checkpoint.Step).Where(step => !kept.Contains(step)).Order()];
    }

    /// <summary>The steps of those that are kept for being the best, the best first.</summary>
    public IReadOnlyList<long> Best(IReadOnlyCollection<KeptCheckpoint> checkpoints)
    {
        var valued = checkpoints.Select(checkpoint => (checkpoint.Step, Value: metric is null ? double.NaN : checkpoint.Metrics.GetValueOrDefault(metric, double.NaN)))
            .Where(checkpoint => !double.IsNaN(checkpoint.Value)).OrderBy(checkpoint => checkpoint.Step);
        return [.. (direction == MetricDirection.Falls ? valued.OrderBy(checkpoint => checkpoint.Value) : valued.OrderByDescending(checkpoint => checkpoint.Value))
            .Take(best).Select(checkpoint => checkpoint.Step)];
    }
}
