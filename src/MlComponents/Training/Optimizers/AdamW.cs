using System.ComponentModel.DataAnnotations;

namespace MlComponents;

/// <summary>Adam with decoupled weight decay: the weights shrink by <c>η·λ·θ</c>, apart from the gradient (Loshchilov and Hutter, arXiv 1711.05101, algorithm 2).</summary>
public sealed record AdamW : AdaptiveMoments
{
    /// <summary>The decay λ. At least 0; default 0.01.</summary>
    [Range(0, double.MaxValue)]
    public override double WeightDecay { get; init; } = 0.01;

    /// <inheritdoc/>
    public override Optimizer Create(IReadOnlyList<NamedParameter> parameters) => new AdamOptimizer(this, "adamw", parameters);
}
