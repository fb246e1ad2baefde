using TorchSharp.Modules;

namespace MlComponents;

/// <summary>A parameter as an optimizer gets it: by a name that is the same in every run, with what makes it learn in its own way.</summary>
/// <param name="Name">Its name in the network, e.g. <c>body.0.weight</c>; by it the state is saved and found again.</param>
/// <param name="Parameter">The weights, which the optimizer moves and doesn't own.</param>
public sealed record NamedParameter(string Name, Parameter Parameter)
{
    /// <summary>What the optimizer's learning rate is multiplied by. At least 0; default 1.</summary>
    public double LearningRateFactor { get; init; } = 1;

    /// <summary>Weight decay instead of the definition's. At least 0; null, the default: the definition's.</summary>
    public double? WeightDecay { get; init; }
}
