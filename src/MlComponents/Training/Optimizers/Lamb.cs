using System.ComponentModel.DataAnnotations;

namespace MlComponents;

/// <summary>
/// LAMB: Adam for large batches, whose steps are as long as each parameter is large (You et al., "Large Batch Optimization for Deep Learning", arXiv 1904.00962, algorithm 2):
/// <c>u = m̂/(√v̂ + ε) + λ·θ; θ ← θ − η·(‖θ‖/‖u‖)·u</c>, with <c>m̂ = m/(1 − β₁ᵗ)</c> and <c>v̂ = v/(1 − β₂ᵗ)</c>.
/// </summary>
/// <remarks>
/// The scaling φ is the identity. Where either norm is 0 the ratio is 1. As in NVIDIA's and timm's implementations the means are corrected, and parameters without weight decay
/// have no ratio unless <see cref="AlwaysAdapt"/> says so; unlike theirs it doesn't clip gradients by itself: that is <see cref="TrainerOptions.MaxGradientNorm"/>, 1 there.
/// </remarks>
public sealed record Lamb : AdaptiveMoments
{
    /// <summary>Added to the denominator. Above 0; default 1e-6.</summary>
    [Range(0, double.MaxValue, MinimumIsExclusive = true)]
    public override double Epsilon { get; init; } = 1e-6;

    /// <summary>The decay λ. At least 0; default 0.01.</summary>
    [Range(0, double.MaxValue)]
    public override double WeightDecay { get; init; } = 0.01;

    /// <summary>Whether parameters without weight decay have steps as long as they are large too, as in the paper. Default: false.</summary>
    public bool AlwaysAdapt { get; init; }

    /// <inheritdoc/>
    public override Optimizer Create(IReadOnlyList<NamedParameter> parameters) => new LambOptimizer(this, parameters);
}

/// <summary>The steps of <see cref="Lamb"/>; those of parameters without a ratio are Adam's.</summary>
internal sealed class LambOptimizer(Lamb options, IReadOnlyList<NamedParameter> parameters) : FusedOptimizer(options, parameters, ("exp_avg", Zeros), ("exp_avg_sq", Zeros))
{
    protected override void Update(OptimizerStep step) =>
        TensorLists.Call(step.Decay > 0 || options.AlwaysAdapt ? "lamb" : "adam", step.Parameters, step.Gradients, step.State[0], step.State[1],
            (double)step.Count, step.Rate, options.Beta1, options.Beta2, options.Epsilon, step.Decay);
}
