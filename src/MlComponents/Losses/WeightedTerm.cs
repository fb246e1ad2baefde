using System.ComponentModel.DataAnnotations;

namespace MlComponents;

/// <summary>One term of a <see cref="WeightedSum"/>.</summary>
public sealed record WeightedTerm
{
    /// <summary>Its name, under which it is logged, e.g. <c>train/loss/dice</c> for <c>dice</c>.</summary>
    [Required]
    public required string Term { get; init; }

    /// <summary>How much of it is added; at 0 it is logged without being trained on. At least 0; default 1.</summary>
    [Range(0, double.MaxValue)]
    public double Weight { get; init; } = 1;

    /// <summary>What it is.</summary>
    [Required]
    public required LossDefinition Loss { get; init; }
}
