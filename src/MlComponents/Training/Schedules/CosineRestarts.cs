using System.ComponentModel.DataAnnotations;

namespace MlComponents;

/// <summary>
/// Half a cosine down over a number of epochs, then up again at once and down over more of them: <c>m + (1 − m)·½(1 + cos(π·t))</c>, where t is the share of the
/// period's steps that are done.
/// </summary>
/// <remarks>After Loshchilov and Hutter, SGDR, 2017 (arXiv 1608.03983), equation 5. It moves with every step, as PyTorch's CosineAnnealingWarmRestarts does with fractions of epochs.</remarks>
public sealed record CosineRestarts : ScheduleDefinition
{
    /// <summary>Epochs of the first period. At least 1; default 10.</summary>
    [Range(1, int.MaxValue)]
    public int FirstPeriod { get; init; } = 10;

    /// <summary>How many times as long as the one before each later period is. At least 1; default 1.</summary>
    [Range(1, int.MaxValue)]
    public int PeriodMultiplier { get; init; } = 1;

    /// <summary>The factor m at the end of a period. At least 0 and at most 1; default 0.</summary>
    [Range(0.0, 1.0)]
    public double MinimumFactor { get; init; }

    /// <inheritdoc/>
    public override double Factor(SchedulePosition position)
    {
        var (done, period) = ((double)position.Step, (double)FirstPeriod * position.StepsPerEpoch);
        if (PeriodMultiplier == 1)
            done %= period;
        for (; done >= period; period *= PeriodMultiplier)
            done -= period;
        return Ramp.Between(RampShape.Cosine, 1, MinimumFactor, done / period);
    }
}
