using System.ComponentModel.DataAnnotations;

namespace MlComponents;

/// <summary>
/// Up to the optimizer's learning rate and far down again in one run: from 1/d to 1 over a share of the steps, then to <c>1/(d·e)</c> at the last step. The optimizer's rate is
/// the highest that the run takes.
/// </summary>
/// <remarks>
/// After Smith and Topin, Super-Convergence, 2018 (arXiv 1708.07120), with PyTorch's OneCycleLR's phases and names of numbers. Unlike that it leaves the momentum as it is. A
/// last step's factor is the final one, and stays so beyond.
/// </remarks>
public sealed record OneCycle : ScheduleDefinition, IValidatableObject
{
    /// <summary>Share of all steps in which the rate rises. Above 0 and below 1, at most 0.5 in three phases; default 0.3.</summary>
    [Range(0.0, 1.0, MinimumIsExclusive = true, MaximumIsExclusive = true)]
    public double RiseFraction { get; init; } = 0.3;

    /// <summary>By how much smaller than the highest rate the first is: d. At least 1; default 25.</summary>
    [Range(1, double.MaxValue)]
    public double StartDivisor { get; init; } = 25;

    /// <summary>By how much smaller than the first rate the last is: e. At least 1; default 10,000.</summary>
    [Range(1, double.MaxValue)]
    public double FinalDivisor { get; init; } = 1e4;

    /// <summary>How it gets from one rate to the next. Default: <see cref="RampShape.Cosine"/>.</summary>
    [EnumDataType(typeof(RampShape))]
    public RampShape Shape { get; init; } = RampShape.Cosine;

    /// <summary>Whether the rate falls back to the first one in as many steps as it rose in, and from there to the last in the steps that are left. Default: false.</summary>
    public bool ThreePhase { get; init; }

    /// <inheritdoc/>
    public override double Factor(SchedulePosition position)
    {
        var (first, last) = (1 / StartDivisor, 1 / (StartDivisor * FinalDivisor));
        var (peak, end) = (RiseFraction * position.TotalSteps - 1, (double)position.TotalSteps - 1);
        if (position.Step <= peak)
            return Between(first, 1, 0, peak);
        if (!ThreePhase)
            return Between(1, last, peak, end);
        var back = 2 * peak;
        return position.Step <= back ? Between(1, first, peak, back) : Between(first, last, back, end);

        double Between(double from, double to, double start, double stop) =>
            Ramp.Between(Shape, from, to, stop > start ? Math.Min(1, (position.Step - start) / (stop - start)) : 1);
    }

    IEnumerable<ValidationResult> IValidatableObject.Validate(ValidationContext validationContext)
    {
        if (ThreePhase && RiseFraction > 0.5)
            yield return new ValidationResult(FormattableString.Invariant(
                $"RiseFraction is {RiseFraction}, but with ThreePhase the rate falls in as many steps as it rises in: use at most 0.5."));
    }
}
