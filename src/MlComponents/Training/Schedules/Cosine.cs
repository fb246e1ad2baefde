using System.ComponentModel.DataAnnotations;

namespace MlComponents;

/// <summary>
/// Linear warm-up, then half a cosine down: <c>m + (1 − m)·½(1 + cos(π·t))</c>, where t runs from 0 after the warm-up to 1 when all steps are done.
/// </summary>
/// <remarks>After Loshchilov and Hutter, SGDR, 2017 (arXiv 1608.03983), equation 5, without restarts.</remarks>
public sealed record Cosine : ScheduleDefinition
{
    /// <summary>
    /// Share of all steps, rounded to whole ones, in which the rate rises linearly: of k such steps the first takes 1/k of the full rate and the
    /// last all of it. At least 0 and below 1; default 0.
    /// </summary>
    [Range(0.0, 1.0, MaximumIsExclusive = true)]
    public double WarmupFraction { get; init; }

    /// <summary>The factor m when all steps are done, and beyond. At least 0 and at most 1; default 0.</summary>
    [Range(0.0, 1.0)]
    public double MinimumFactor { get; init; }

    /// <inheritdoc/>
    public override double Factor(SchedulePosition position)
    {
        var warmup = Math.Round(WarmupFraction * position.TotalSteps);
        if (position.Step < warmup)
            return (position.Step + 1) / warmup;

        var t = Math.Min(1, (position.Step - warmup) / Math.Max(1, position.TotalSteps - warmup));
        return MinimumFactor + (1 - MinimumFactor) * 0.5 * (1 + Math.Cos(Math.PI * t));
    }
}
