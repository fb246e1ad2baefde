using System.ComponentModel.DataAnnotations;

namespace MlComponents;

/// <summary>Adam: steps scaled by running means of the gradient and of its square (Kingma and Ba, arXiv 1412.6980, algorithm 1).</summary>
public sealed record Adam : AdaptiveMoments
{
    /// <summary>Factor of the weights that is added to their gradient (L2). At least 0; default 0.</summary>
    [Range(0, double.MaxValue)]
    public override double WeightDecay { get; init; }

    /// <inheritdoc/>
    public override Optimizer Create(IReadOnlyList<NamedParameter> parameters) => new AdamOptimizer(this, "adam", parameters);
}

/// <summary>The steps of <see cref="Adam"/> and of <see cref="AdamW"/>, each by its own kernel.</summary>
internal sealed class AdamOptimizer(AdaptiveMoments options, string kernel, IReadOnlyList<NamedParameter> parameters)
    : FusedOptimizer(options, parameters, ("exp_avg", Zeros), ("exp_avg_sq", Zeros))
{
    protected override void Update(OptimizerStep step) =>
        TensorLists.Call(kernel, step.Parameters, step.Gradients, step.State[0], step.State[1], (double)step.Count, step.Rate, options.Beta1, options.Beta2, options.Epsilon, step.Decay);
}
