using System.ComponentModel.DataAnnotations;
using TorchSharp.Modules;

namespace MlComponents;

/// <summary>Adam: steps scaled by running means of the gradient and of its square (Kingma and Ba, arXiv 1412.6980, algorithm 1).</summary>
public sealed record Adam : OptimizerDefinition
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

    /// <summary>Factor of the weights that is added to their gradient (L2). At least 0; default 0.</summary>
    [Range(0, double.MaxValue)]
    public double WeightDecay { get; init; }

    /// <inheritdoc/>
    public override Optimizer Create(IReadOnlyList<Parameter> parameters) =>
        FusedOptimizer.Takes(parameters)
            ? new FusedAdam(parameters, decoupled: false, Beta1, Beta2, Epsilon, WeightDecay) { LearningRate = LearningRate }
            : new StockOptimizer(optim.Adam(parameters, LearningRate, Beta1, Beta2, Epsilon, WeightDecay)) { LearningRate = LearningRate };
}
