using System.ComponentModel.DataAnnotations;
using TorchSharp.Modules;

namespace MlComponents;

/// <summary>Describes an optimizer and builds it for the parameters of a network.</summary>
public abstract record OptimizerDefinition : ComponentDefinition
{
    /// <summary>Learning rate before the schedule's factor. Above 0; default 1e-3.</summary>
    [Range(0, double.MaxValue, MinimumIsExclusive = true)]
    public virtual double LearningRate { get; init; } = 1e-3;

    /// <summary>How strongly the weights are drawn to 0; what it does is the optimizer's own. At least 0; default 0.</summary>
    [Range(0, double.MaxValue)]
    public virtual double WeightDecay { get; init; }

    /// <summary>Builds the optimizer with fresh state.</summary>
    /// <param name="parameters">
    /// The parameters to train, in a fixed order. A parameter's own learning rate factor multiplies the optimizer's <see cref="Optimizer.LearningRate"/>, and its own
    /// weight decay takes the place of <see cref="WeightDecay"/>.
    /// </param>
    public abstract Optimizer Create(IReadOnlyList<NamedParameter> parameters);

    /// <summary>Builds the optimizer with fresh state for parameters without names, which are called <c>0</c>, <c>1</c> and so on.</summary>
    /// <param name="parameters">The parameters to train, in a fixed order.</param>
    public Optimizer Create(IReadOnlyList<Parameter> parameters) => Create([.. parameters.Select((parameter, i) => new NamedParameter($"{i}", parameter))]);
}
