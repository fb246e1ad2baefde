using System.ComponentModel.DataAnnotations;

namespace MlComponents;

/// <summary>Stochastic weight averaging: the plain mean of the weights at several moments of the last part of a run.</summary>
/// <remarks>
/// After Izmailov et al., Averaging Weights Leads to Wider Optima and Better Generalization, 2018 (arXiv 1803.05407), algorithm 1. Parameters are averaged. The statistics of batch norms are
/// computed anew, by a pass over the training rows, whenever the average is validated or is what the run ends with. Until it starts its metrics, called
/// <c>validation/swa/...</c>, are those of the weights themselves.
/// </remarks>
public sealed record StochasticWeightAveraging : WeightAverageDefinition
{
    /// <summary>Share of the run's steps, rounded to whole ones, that are done before it starts. At least 0 and below 1; default 0.75.</summary>
    [Range(0.0, 1.0, MaximumIsExclusive = true)]
    public double StartFraction { get; init; } = 0.75;

    /// <summary>The epoch with whose beginning it starts, instead of <see cref="StartFraction"/>. At least 1; null, the default: not given.</summary>
    [Range(1, int.MaxValue)]
    public int? StartEpoch { get; init; }

    /// <summary>
    /// Steps between two moments, the first of which is the start. At least 1; null, the default: the end of each epoch. A run in whose rest there is no such moment takes its last step.
    /// </summary>
    [Range(1, int.MaxValue)]
    public int? EverySteps { get; init; }

    /// <summary>
    /// What the optimizer's learning rate is multiplied by after the start, in place of the schedule's factor: a high constant rate lets the weights walk round the optimum.
    /// Above 0; null, the default: the schedule goes on.
    /// </summary>
    [Range(0, double.MaxValue, MinimumIsExclusive = true)]
    public double? LearningRateFactor { get; init; }

    /// <inheritdoc/>
    public override string MetricPrefix => "swa";

    /// <inheritdoc/>
    public override WeightAverage Create(nn.Module network)
    {
        ArgumentNullException.ThrowIfNull(network);
        return new StochasticWeightAverage(this, network);
    }

    /// <inheritdoc/>
    public override double? ScheduleFactor(SchedulePosition position) => position.Step >= Start(position) ? LearningRateFactor : null;

    /// <summary>Whether the weights after a step are taken in.</summary>
    /// <param name="position">Where the run is, that step included.</param>
    internal bool Takes(SchedulePosition position)
    {
        var done = position.Step - Start(position);
        return done >= 0 && (EverySteps is { } every ? done % every == 0 : position.Step % position.StepsPerEpoch == 0);
    }

    private long Start(SchedulePosition position) =>
        StartEpoch is { } epoch ? (epoch - 1) * position.StepsPerEpoch : (long)Math.Round(StartFraction * position.TotalSteps);
}

/// <summary>The live <see cref="StochasticWeightAveraging"/>.</summary>
internal sealed class StochasticWeightAverage(StochasticWeightAveraging options, nn.Module network) : RunningWeightAverage(network, IsParameter)
{
    private readonly bool hasBatchNorms = BatchStatistics.LayersOf(network).Any();
    private long models;
    private bool hasStatistics;

    public override bool NeedsBatchStatistics => HasWeights && hasBatchNorms && !hasStatistics;

    public override void Update(SchedulePosition position)
    {
        if (!options.Takes(position) && !(models == 0 && position.Step == position.TotalSteps))
            return;
        Move(1.0 / ++models);
        hasStatistics = false;
    }

    public override void KeepBatchStatistics()
    {
        base.KeepBatchStatistics();
        hasStatistics = true;
    }

    public override void SaveState(ComponentState state)
    {
        base.SaveState(state);
        state.Set(nameof(models), models);
        state.Set(nameof(hasStatistics), hasStatistics);
    }

    public override void LoadState(ComponentState state)
    {
        base.LoadState(state);
        models = state.Get<long>(nameof(models));
        hasStatistics = state.Get<bool>(nameof(hasStatistics));
    }
}
