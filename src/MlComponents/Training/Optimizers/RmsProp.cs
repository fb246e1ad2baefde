using System.ComponentModel.DataAnnotations;
using TorchSharp.Modules;

namespace MlComponents;

/// <summary>
/// RMSprop: steps divided by the root of the gradient's mean square (Hinton, "Neural Networks for Machine Learning", lecture 6e, 2012), in PyTorch's form:
/// <c>v ← α·v + (1 − α)·g²; θ ← θ − η·g/(√v + ε)</c>.
/// </summary>
public sealed record RmsProp : OptimizerDefinition
{
    /// <summary>Learning rate before the schedule's factor. Above 0; default 1e-2.</summary>
    [Range(0, double.MaxValue, MinimumIsExclusive = true)]
    public override double LearningRate { get; init; } = 1e-2;

    /// <summary>Decay α of the mean of squared gradients. At least 0 and below 1; default 0.99.</summary>
    [Range(0.0, 1.0, MaximumIsExclusive = true)]
    public double Alpha { get; init; } = 0.99;

    /// <summary>Added to the denominator. Above 0; default 1e-8.</summary>
    [Range(0, double.MaxValue, MinimumIsExclusive = true)]
    public double Epsilon { get; init; } = 1e-8;

    /// <summary>The momentum μ: <c>b ← μ·b + g/(√v + ε); θ ← θ − η·b</c>. At least 0 and below 1; default 0.</summary>
    [Range(0.0, 1.0, MaximumIsExclusive = true)]
    public double Momentum { get; init; }

    /// <summary>
    /// Whether the gradient's variance takes the place of its mean square: <c>v − a²</c> with its mean <c>a ← α·a + (1 − α)·g</c> (Graves, arXiv 1308.0850, equations 38 to 45).
    /// Default: false.
    /// </summary>
    public bool Centered { get; init; }

    /// <summary>Factor of the weights that is added to their gradient (L2). At least 0; default 0.</summary>
    [Range(0, double.MaxValue)]
    public override double WeightDecay { get; init; }

    /// <inheritdoc/>
    public override Optimizer Create(IReadOnlyList<NamedParameter> parameters) => new RmsPropOptimizer(this, parameters);
}

/// <summary>The steps of <see cref="RmsProp"/>: those of Adam's kernel without a mean of gradients and so late that nothing is corrected.</summary>
internal sealed class RmsPropOptimizer(RmsProp options, IReadOnlyList<NamedParameter> parameters) : FusedOptimizer(options, parameters, [.. Kinds(options)])
{
    protected override void Update(OptimizerStep step) =>
        TensorLists.Call("rmsprop", step.Parameters, step.Gradients, step.State[0], options.Centered ? step.State[1] : [], options.Momentum > 0 ? step.State[^1] : [],
            step.Rate, options.Alpha, options.Epsilon, step.Decay, options.Momentum);

    private static IEnumerable<(string Name, Func<Parameter, Tensor> Create)> Kinds(RmsProp options)
    {
        yield return ("square_avg", Zeros);
        if (options.Centered)
            yield return ("grad_avg", Zeros);
        if (options.Momentum > 0)
            yield return ("momentum_buffer", Zeros);
    }
}
