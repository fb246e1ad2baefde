using System.ComponentModel.DataAnnotations;

namespace MlComponents;

/// <summary>
/// Adagrad: steps divided by the root of the sum of all squared gradients so far (Duchi, Hazan and Singer, JMLR 12, 2011, figure 1 with diagonal matrices), in PyTorch's form:
/// <c>s ← s + g²; θ ← θ − η/(1 + (t − 1)·d)·g/(√s + ε)</c>.
/// </summary>
public sealed record Adagrad : OptimizerDefinition
{
    /// <summary>Learning rate before the schedule's factor. Above 0; default 1e-2.</summary>
    [Range(0, double.MaxValue, MinimumIsExclusive = true)]
    public override double LearningRate { get; init; } = 1e-2;

    /// <summary>How the learning rate falls with the steps t of a parameter, apart from the schedule: d. At least 0; default 0.</summary>
    [Range(0, double.MaxValue)]
    public double LearningRateDecay { get; init; }

    /// <summary>What the sums of squares begin with. At least 0; default 0.</summary>
    [Range(0, double.MaxValue)]
    public double InitialAccumulatorValue { get; init; }

    /// <summary>Added to the denominator. Above 0; default 1e-10.</summary>
    [Range(0, double.MaxValue, MinimumIsExclusive = true)]
    public double Epsilon { get; init; } = 1e-10;

    /// <summary>Factor of the weights that is added to their gradient (L2). At least 0; default 0.</summary>
    [Range(0, double.MaxValue)]
    public override double WeightDecay { get; init; }

    /// <inheritdoc/>
    public override Optimizer Create(IReadOnlyList<NamedParameter> parameters) => new AdagradOptimizer(this, parameters);
}

/// <summary>The steps of <see cref="Adagrad"/>.</summary>
internal sealed class AdagradOptimizer(Adagrad options, IReadOnlyList<NamedParameter> parameters)
    : FusedOptimizer(options, parameters, ("sum", parameter => full_like(parameter, options.InitialAccumulatorValue)))
{
    protected override void Update(OptimizerStep step) =>
        TensorLists.Call(step.Parameters[0].device_type == DeviceType.CPU ? "adagrad" : "adagrad_in_passes", step.Parameters, step.Gradients, step.State[0],
            (double)step.Count, step.Rate, options.LearningRateDecay, options.Epsilon, step.Decay);
}
