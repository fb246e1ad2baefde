using System.ComponentModel.DataAnnotations;
using System.Runtime.CompilerServices;

namespace MlComponents;

/// <summary>The learning rate is multiplied by <c>γ</c> whenever <paramref name="Metric"/> hasn't improved for some validations.</summary>
/// <remarks>
/// It follows the metric's own direction, and PyTorch's ReduceLROnPlateau in all but its <c>eps</c>: a reduction happens however small it is. It is a pure function of the run's
/// history, of the rows that have the metric. A value that is NaN is no improvement.
/// </remarks>
/// <param name="Metric">A metric of the validation by its full name, or <c>train/loss</c>. Default: <c>validation/loss</c>.</param>
public sealed record ReduceOnPlateau(string Metric = MetricNames.ValidationLoss) : ScheduleDefinition
{
    private static readonly ConditionalWeakTable<History, Computed> LastComputed = [];

    /// <summary>The factor γ. Above 0 and below 1; default 0.1.</summary>
    [Range(0.0, 1.0, MinimumIsExclusive = true, MaximumIsExclusive = true)]
    public double Gamma { get; init; } = 0.1;

    /// <summary>Validations in a row without an improvement that are put up with; the one after them reduces the rate. At least 0; default 10.</summary>
    [Range(0, int.MaxValue)]
    public int Patience { get; init; } = 10;

    /// <summary>What a value must improve on the best one by to count as better, as <see cref="ThresholdMode"/> says. At least 0; default 0.0001.</summary>
    [Range(0, double.MaxValue)]
    public double Threshold { get; init; } = 1e-4;

    /// <summary>What <see cref="Threshold"/> is measured in. Default: <see cref="ImprovementMode.Relative"/>.</summary>
    [EnumDataType(typeof(ImprovementMode))]
    public ImprovementMode ThresholdMode { get; init; } = ImprovementMode.Relative;

    /// <summary>Validations after a reduction in which none without an improvement is counted. At least 0; default 0.</summary>
    [Range(0, int.MaxValue)]
    public int Cooldown { get; init; }

    /// <summary>The factor that the rate doesn't fall below. At least 0 and at most 1; default 0.</summary>
    [Range(0.0, 1.0)]
    public double MinimumFactor { get; init; }

    /// <inheritdoc/>
    public override double Factor(SchedulePosition position)
    {
        var direction = position.Directions.GetValueOrDefault(Metric, MetricDirection.Falls);
        if (position.History is not History { Count: > 0 } history)
            return Compute(position.History, direction);

        // A run asks at every step, but its history grows once an epoch.
        if (!LastComputed.TryGetValue(history, out var last) || last.Schedule != this || last.Direction != direction || last.Rows != history.Count || !ReferenceEquals(last.Row, history[^1]))
            LastComputed.AddOrUpdate(history, last = new(this, direction, history.Count, history[^1], Compute(history, direction)));
        return last.Factor;
    }

    /// <inheritdoc/>
    public override void Check(TrainingRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        if (Metric != MetricNames.TrainLoss)
            run.DirectionOf(Metric);
    }

    private double Compute(IReadOnlyList<HistoryRow> history, MetricDirection direction)
    {
        var (factor, best, stale, cooling) = (1.0, double.NaN, 0, 0);
        foreach (var row in history)
        {
            if (!row.Metrics.TryGetValue(Metric, out var value))
                continue;

            var improved = direction.IsBetter(value, WithThreshold(best, direction));
            if (improved)
                best = value;
            stale = improved || cooling > 0 ? 0 : stale + 1;
            cooling = Math.Max(0, cooling - 1);
            if (stale > Patience)
                (factor, stale, cooling) = (Math.Max(factor * Gamma, MinimumFactor), 0, Cooldown);
        }
        return factor;
    }

    private double WithThreshold(double best, MetricDirection direction)
    {
        var margin = direction == MetricDirection.Falls ? -Threshold : Threshold;
        return ThresholdMode == ImprovementMode.Relative ? best * (1 + margin) : best + margin;
    }

    private sealed record Computed(ReduceOnPlateau Schedule, MetricDirection Direction, int Rows, HistoryRow Row, double Factor);
}
