using System.ComponentModel.DataAnnotations;
using TorchSharp.Modules;

namespace MlComponents;

/// <summary>Adam: steps scaled by running means of the gradient and of its square (Kingma and Ba, arXiv 1412.6980, algorithm 1).</summary>
public sealed record Adam : AdaptiveMoments
{
    /// <summary>Factor of the weights that is added to their gradient (L2). At least 0; default 0.</summary>
    [Range(0, double.MaxValue)]
    public override double WeightDecay { get; init; }

    /// <inheritdoc/>
    public override Optimizer Create(IReadOnlyList<Parameter> parameters) =>
        FusedOptimizer.Takes(parameters)
            ? new FusedAdam(parameters, decoupled: false, Beta1, Beta2, Epsilon, WeightDecay) { LearningRate = LearningRate }
            : new StockOptimizer(optim.Adam(parameters, LearningRate, Beta1, Beta2, Epsilon, WeightDecay)) { LearningRate = LearningRate };
}
