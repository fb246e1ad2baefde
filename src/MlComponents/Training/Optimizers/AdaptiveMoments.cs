using System.ComponentModel.DataAnnotations;

namespace MlComponents;

/// <summary>What <see cref="Adam"/> and its kin have in common: running means of the gradient, <c>m ← β₁·m + (1 − β₁)·g</c>, and of its square, <c>v ← β₂·v + (1 − β₂)·g²</c>.</summary>
public abstract record AdaptiveMoments : OptimizerDefinition
{
    /// <summary>Decay β₁ of the mean of gradients. At least 0 and below 1; default 0.9.</summary>
    [Range(0.0, 1.0, MaximumIsExclusive = true)]
    public double Beta1 { get; init; } = 0.9;

    /// <summary>Decay β₂ of the mean of squared gradients. At least 0 and below 1; default 0.999.</summary>
    [Range(0.0, 1.0, MaximumIsExclusive = true)]
    public double Beta2 { get; init; } = 0.999;

    /// <summary>Added to the denominator. Above 0; default 1e-8.</summary>
    [Range(0, double.MaxValue, MinimumIsExclusive = true)]
    public virtual double Epsilon { get; init; } = 1e-8;
}
