using System.ComponentModel.DataAnnotations;

namespace MlComponents;

/// <summary>Half a cosine down over all steps: <c>m + (1 − m)·½(1 + cos(π·t))</c>, where t is the share of the run's steps that are done.</summary>
/// <remarks>
/// After Loshchilov and Hutter, SGDR, 2017 (arXiv 1608.03983), equation 5, without restarts. PyTorch's CosineAnnealingLR rises again beyond its last step; this one stays down.
/// </remarks>
public sealed record Cosine : ScheduleDefinition
{
    /// <summary>The factor m when all steps are done, and beyond. At least 0 and at most 1; default 0.</summary>
    [Range(0.0, 1.0)]
    public double MinimumFactor { get; init; }

    /// <inheritdoc/>
    public override double Factor(SchedulePosition position) => Ramp.Between(RampShape.Cosine, 1, MinimumFactor, position.Progress);
}
