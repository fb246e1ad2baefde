using System.ComponentModel.DataAnnotations;

namespace MlComponents;

/// <summary>Down over all steps: <c>m + (1 − m)·(1 − t)^p</c>, where t is the share of the run's steps that are done; a straight line with p = 1.</summary>
/// <remarks>With p = 0.9 it is the "poly" policy of semantic segmentation (Chen et al., DeepLab, arXiv 1606.00915, section 4.3.1).</remarks>
public sealed record Polynomial : ScheduleDefinition
{
    /// <summary>The power p. Above 0; default 1.</summary>
    [Range(0, double.MaxValue, MinimumIsExclusive = true)]
    public double Power { get; init; } = 1;

    /// <summary>The factor m when all steps are done, and beyond. At least 0 and at most 1; default 0.</summary>
    [Range(0.0, 1.0)]
    public double MinimumFactor { get; init; }

    /// <inheritdoc/>
    public override double Factor(SchedulePosition position) => MinimumFactor + (1 - MinimumFactor) * Math.Pow(1 - position.Progress, Power);
}
