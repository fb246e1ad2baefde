using System.ComponentModel.DataAnnotations;
using static System.FormattableString;

namespace MlComponents;

/// <summary>Rows of every class equally often, or nearer to that than they are, by <see cref="ClassBalancedSampler"/>. The labels are read once, before the run.</summary>
public sealed record ClassBalancedDraws : SamplerDefinition, IValidatableObject
{
    /// <summary>Rows of one epoch. At least 1; null, the default: as many as there are training rows.</summary>
    [Range(1, int.MaxValue)]
    public int? Count { get; init; }

    /// <summary>How far it balances: p, where a class of n rows comes in proportion to <c>n¹⁻ᵖ</c>; 0 leaves the classes as they are. At least 0 and at most 1; default 1, equally often.</summary>
    [Range(0.0, 1.0)]
    public double Power { get; init; } = 1;

    /// <summary>β of the effective number of rows, by whose inverse a class is drawn instead of by <see cref="Power"/>; see <see cref="ClassBalance.EffectiveNumber"/>. At least 0 and below 1; null, the default: not given.</summary>
    [Range(0.0, 1.0, MaximumIsExclusive = true)]
    public double? Beta { get; init; }

    /// <inheritdoc/>
    public override Sampler Create(SamplerContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var classes = context.ReadClasses();
        var counts = ClassBalance.Counts(classes);
        return new ClassBalancedSampler(classes, context.Seed, Count, Beta is { } beta ? ClassBalance.EffectiveNumber(counts, beta) : ClassBalance.InverseFrequency(counts, Power));
    }

    IEnumerable<ValidationResult> IValidatableObject.Validate(ValidationContext validationContext)
    {
        if (Beta is { } beta && Power != 1)
            yield return new(Invariant($"Beta is {beta} and Power is {Power}, but classes are drawn by one of them: leave the other at its default."));
    }
}
