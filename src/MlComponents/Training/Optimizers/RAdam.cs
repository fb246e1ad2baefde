using System.ComponentModel.DataAnnotations;

namespace MlComponents;

/// <summary>
/// Adam that scales its steps by <c>r</c>, how far the mean of squares can be trusted (Liu et al., "On the Variance of the Adaptive Learning Rate and Beyond",
/// arXiv 1908.03265, algorithm 2): with <c>ρ∞ = 2/(1 − β₂) − 1</c> and <c>ρₜ = ρ∞ − 2t·β₂ᵗ/(1 − β₂ᵗ)</c> it is
/// <c>r² = (ρₜ − 4)(ρₜ − 2)ρ∞ / ((ρ∞ − 4)(ρ∞ − 2)ρₜ)</c>. While ρₜ is 5 or less, for the first 5 steps by default, the step is that of momentum alone, <c>η·m/(1 − β₁ᵗ)</c>.
/// </summary>
/// <remarks>The bound of 5 and ε, which is added to the root of <c>v</c> before its correction, are PyTorch's; the paper's bound is 4.</remarks>
public sealed record RAdam : AdaptiveMoments
{
    /// <summary>The weight decay λ: <c>λ·θ</c> is added to the gradient or, where it is decoupled, <c>η·λ·θ</c> is taken from the weights. At least 0; default 0.</summary>
    [Range(0, double.MaxValue)]
    public override double WeightDecay { get; init; }

    /// <summary>Whether the weight decay is apart from the gradient, as in <see cref="AdamW"/>. Default: false.</summary>
    public bool DecoupledWeightDecay { get; init; }

    /// <inheritdoc/>
    public override Optimizer Create(IReadOnlyList<NamedParameter> parameters) => new RAdamOptimizer(this, parameters);
}

/// <summary>The steps of <see cref="RAdam"/>: those of Adam's kernels with another rate.</summary>
internal sealed class RAdamOptimizer(RAdam options, IReadOnlyList<NamedParameter> parameters) : FusedOptimizer(options, parameters, ("exp_avg", Zeros), ("exp_avg_sq", Zeros))
{
    private const double LeastLength = 5;   // of the mean of squares

    protected override void Update(OptimizerStep step)
    {
        var correction = step.Correction(options.Beta2);
        var longest = 2 / (1 - options.Beta2) - 1;
        var length = longest - 2 * step.Count * (1 - correction) / correction;
        if (length > LeastLength)
        {
            var trust = Math.Sqrt((length - 4) * (length - 2) * longest / ((longest - 4) * (longest - 2) * length));
            TensorLists.Call(options.DecoupledWeightDecay ? "adamw" : "adam", step.Parameters, step.Gradients, step.State[0], step.State[1], (double)step.Count, trust * step.Rate,
                options.Beta1, options.Beta2, options.Epsilon / Math.Sqrt(correction), options.DecoupledWeightDecay ? step.Decay / trust : step.Decay);
        }
        else
        {
            TensorLists.Call("momentum", step.Parameters, step.Gradients, step.State[0], step.State[1], step.Rate, step.Rate / step.Correction(options.Beta1),
                options.Beta1, options.Beta2, step.Decay, options.DecoupledWeightDecay);
        }
    }
}
