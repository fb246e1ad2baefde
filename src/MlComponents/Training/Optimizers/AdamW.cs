using System.ComponentModel.DataAnnotations;
using TorchSharp.Modules;

namespace MlComponents;

/// <summary>Adam with decoupled weight decay: the weights shrink by <c>η·λ·θ</c>, apart from the gradient (Loshchilov and Hutter, arXiv 1711.05101, algorithm 2).</summary>
public sealed record AdamW : OptimizerDefinition
{
    /// <summary>Decay β₁ of the mean of gradients. At least 0 and below 1; default 0.9.</summary>
    [Range(0.0, 1.0, MaximumIsExclusive = true)]
    public double Beta1 { get; init; } = 0.9;

    /// <summary>Decay β₂ of the mean of squared gradients. At least 0 and below 1; default 0.999.</summary>
    [Range(0.0, 1.0, MaximumIsExclusive = true)]
    public double Beta2 { get; init; } = 0.999;

    /// <summary>Added to the denominator. Above 0; default 1e-8.</summary>
    [Range(0, double.MaxValue, MinimumIsExclusive = true)]
    public double Epsilon { get; init; } = 1e-8;

    /// <summary>The decay λ. At least 0; default 0.01.</summary>
    [Range(0, double.MaxValue)]
    public double WeightDecay { get; init; } = 0.01;

    /// <inheritdoc/>
    public override Optimizer Create(IReadOnlyList<Parameter> parameters) =>
        FusedOptimizer.Takes(parameters)
            ? new FusedAdam(parameters, decoupled: true, Beta1, Beta2, Epsilon, WeightDecay) { LearningRate = LearningRate }
            : new StockOptimizer(optim.AdamW(parameters, LearningRate, Beta1, Beta2, Epsilon, WeightDecay)) { LearningRate = LearningRate };
}
