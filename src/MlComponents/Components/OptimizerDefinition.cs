using System.ComponentModel.DataAnnotations;
using TorchSharp.Modules;

namespace MlComponents;

/// <summary>Describes an optimizer and builds it for the parameters of a network.</summary>
public abstract record OptimizerDefinition : ComponentDefinition
{
    /// <summary>Learning rate before the schedule's factor. Above 0; default 1e-3.</summary>
    [Range(0, double.MaxValue, MinimumIsExclusive = true)]
    public double LearningRate { get; init; } = 1e-3;

    /// <summary>Builds the optimizer with fresh state.</summary>
    /// <param name="parameters">The parameters to train, in a fixed order.</param>
    public abstract Optimizer Create(IReadOnlyList<Parameter> parameters);
}
