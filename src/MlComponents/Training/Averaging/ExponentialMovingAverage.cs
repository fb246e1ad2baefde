using System.ComponentModel.DataAnnotations;

namespace MlComponents;

/// <summary>An exponential moving average of the weights: <c>a ← d·a + (1 − d)·w</c> after every so many steps.</summary>
/// <remarks>
/// After Polyak and Juditsky, Acceleration of stochastic approximation by averaging, 1992, in the form of Adam, section 7.2 (arXiv 1412.6980). The first update makes <c>a</c> the weights.
/// Parameters and buffers of floating-point numbers, the statistics of batch norms included, are averaged, others copied. It costs a copy of the weights in memory, in float32 where they have
/// fewer bits. Its metrics are called <c>validation/ema/...</c>.
/// </remarks>
public sealed record ExponentialMovingAverage : WeightAverageDefinition
{
    /// <summary>The decay d of one update. At least 0 and below 1; default 0.999.</summary>
    [Range(0.0, 1.0, MaximumIsExclusive = true)]
    public double Decay { get; init; } = 0.999;

    /// <summary>
    /// Whether the decay begins low, so that a short run doesn't keep what it began with: it is <c>min(d, (1 + n)/(10 + n))</c> after n updates. Default: true.
    /// </summary>
    public bool WarmUp { get; init; } = true;

    /// <summary>Steps between two updates. At least 1; default 1.</summary>
    [Range(1, int.MaxValue)]
    public int UpdateEvery { get; init; } = 1;

    /// <inheritdoc/>
    public override string MetricPrefix => "ema";

    /// <inheritdoc/>
    public override WeightAverage Create(nn.Module network)
    {
        ArgumentNullException.ThrowIfNull(network);
        return new ExponentialWeightAverage(this, network);
    }
}

/// <summary>The live <see cref="ExponentialMovingAverage"/>.</summary>
internal sealed class ExponentialWeightAverage(ExponentialMovingAverage options, nn.Module network) : RunningWeightAverage(network, _ => true)
{
    private long updates;

    public override void Update(SchedulePosition position)
    {
        if (position.Step % options.UpdateEvery != 0)
            return;
        Move(1 - (options.WarmUp ? Math.Min(options.Decay, (1.0 + updates) / (10.0 + updates)) : options.Decay));
        updates++;
    }

    public override void SaveState(ComponentState state)
    {
        base.SaveState(state);
        state.Set(nameof(updates), updates);
    }

    public override void LoadState(ComponentState state)
    {
        base.LoadState(state);
        updates = state.Get<long>(nameof(updates));
    }
}
