using System.ComponentModel.DataAnnotations;

namespace MlComponents;

/// <summary>
/// A rise in front of another schedule: over the first k steps a factor rises from a small one to 1 and is multiplied with the other's first factor; then the other begins.
/// </summary>
/// <remarks>
/// The schedule behind it sees its own position: its steps and epochs count from the end of the warm-up, and its run is shorter by that. After s of the k steps the factor is
/// <c>f + (1 − f)·s/k</c>, or <c>f^(1 − s/k)</c>, as of PyTorch's LinearLR. After Goyal et al., arXiv 1706.02677, section 2.2.
/// </remarks>
public sealed record Warmup : ScheduleDefinition, IValidatableObject
{
    /// <summary>The steps k, instead of <see cref="Fraction"/>. At least 1; null, the default: not given.</summary>
    [Range(1, int.MaxValue)]
    public int? Steps { get; init; }

    /// <summary>The steps k as a share of all, rounded to whole ones. At least 0 and below 1; null, the default: 0.1 unless <see cref="Steps"/> are given.</summary>
    [Range(0.0, 1.0, MaximumIsExclusive = true)]
    public double? Fraction { get; init; }

    /// <summary>How the factor rises. Default: <see cref="RampShape.Linear"/>.</summary>
    [EnumDataType(typeof(RampShape))]
    public RampShape Shape { get; init; } = RampShape.Linear;

    /// <summary>The factor f of the first step. Above 0 and at most 1; default 0.01.</summary>
    [Range(0.0, 1.0, MinimumIsExclusive = true)]
    public double StartFactor { get; init; } = 0.01;

    /// <summary>The schedule behind it. Default: <see cref="Constant"/>.</summary>
    [Required]
    public ScheduleDefinition Then { get; init; } = new Constant();

    /// <inheritdoc/>
    public override double Factor(SchedulePosition position)
    {
        var steps = Steps ?? (long)Math.Round((Fraction ?? 0.1) * position.TotalSteps);
        var rise = position.Step < steps ? Ramp.Between(Shape, StartFactor, 1, (double)position.Step / steps) : 1;
        return rise * Then.Factor(position with { Step = Math.Max(0, position.Step - steps), TotalSteps = Math.Max(1, position.TotalSteps - steps) });
    }

    /// <inheritdoc/>
    public override void Check(TrainingRun run) => Then.Check(run);

    IEnumerable<ValidationResult> IValidatableObject.Validate(ValidationContext validationContext)
    {
        if (Steps is not null && Fraction is not null)
            yield return new ValidationResult(FormattableString.Invariant($"Steps is {Steps} and Fraction is {Fraction}; give one of them, not both."));
    }
}
