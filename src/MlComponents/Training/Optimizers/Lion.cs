using System.ComponentModel.DataAnnotations;

namespace MlComponents;

/// <summary>
/// Lion: steps of one size for all weights, along the sign of a mean of gradients (Chen et al., "Symbolic Discovery of Optimization Algorithms", arXiv 2302.06675, algorithm 2):
/// <c>θ ← θ − η·(sign(β₁·m + (1 − β₁)·g) + λ·θ); m ← β₂·m + (1 − β₂)·g</c>.
/// </summary>
/// <remarks>The paper advises a learning rate 3 to 10 times smaller than AdamW's, and a weight decay as many times larger.</remarks>
public sealed record Lion : OptimizerDefinition
{
    /// <summary>Learning rate before the schedule's factor. Above 0; default 1e-4.</summary>
    [Range(0, double.MaxValue, MinimumIsExclusive = true)]
    public override double LearningRate { get; init; } = 1e-4;

    /// <summary>The mean's share β₁ in the step. At least 0 and below 1; default 0.9.</summary>
    [Range(0.0, 1.0, MaximumIsExclusive = true)]
    public double Beta1 { get; init; } = 0.9;

    /// <summary>Decay β₂ of the mean of gradients. At least 0 and below 1; default 0.99.</summary>
    [Range(0.0, 1.0, MaximumIsExclusive = true)]
    public double Beta2 { get; init; } = 0.99;

    /// <summary>The decay λ, apart from the gradient. At least 0; default 0.</summary>
    [Range(0, double.MaxValue)]
    public override double WeightDecay { get; init; }

    /// <inheritdoc/>
    public override Optimizer Create(IReadOnlyList<NamedParameter> parameters) => new LionOptimizer(this, parameters);
}

/// <summary>The steps of <see cref="Lion"/>.</summary>
internal sealed class LionOptimizer(Lion options, IReadOnlyList<NamedParameter> parameters) : FusedOptimizer(options, parameters, ("exp_avg", Zeros))
{
    protected override void Update(OptimizerStep step) =>
        TensorLists.Call("lion", step.Parameters, step.Gradients, step.State[0], step.Rate, options.Beta1, options.Beta2, step.Decay);
}
