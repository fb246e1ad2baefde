using System.ComponentModel.DataAnnotations;

namespace MlComponents;

/// <summary>The learning rate is multiplied by <c>γ</c> after each of some epochs: <c>γ^k</c>, where k of them are done.</summary>
public sealed record MultiStep : ScheduleDefinition, IValidatableObject
{
    /// <summary>Numbers of full epochs after which the rate falls, each at least 1 and larger than the one before. Default: <c>[30, 60, 80]</c>, as Goyal et al. train on ImageNet (arXiv 1706.02677).</summary>
    [Required, ElementRange(1, int.MaxValue)]
    public IReadOnlyList<int> Milestones { get; init; } = [30, 60, 80];

    /// <summary>The factor γ. Above 0 and at most 1; default 0.1.</summary>
    [Range(0.0, 1.0, MinimumIsExclusive = true)]
    public double Gamma { get; init; } = 0.1;

    /// <inheritdoc/>
    public override double Factor(SchedulePosition position)
    {
        var epoch = position.Epoch;
        return Math.Pow(Gamma, Milestones.Count(milestone => milestone <= epoch));
    }

    IEnumerable<ValidationResult> IValidatableObject.Validate(ValidationContext validationContext) =>
        Milestones.Zip(Milestones.Skip(1)).Where(pair => pair.First >= pair.Second)
            .Select(pair => new ValidationResult($"Milestones has {pair.Second} after {pair.First}; each must be larger than the one before."));
}
