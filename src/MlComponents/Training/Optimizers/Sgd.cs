using System.ComponentModel.DataAnnotations;

namespace MlComponents;

/// <summary>Stochastic gradient descent with momentum, in PyTorch's form: <c>v ← μ·v + g; θ ← θ − η·v</c>.</summary>
public sealed record Sgd : OptimizerDefinition, IValidatableObject
{
    /// <summary>The momentum μ. At least 0 and below 1; default 0.</summary>
    [Range(0.0, 1.0, MaximumIsExclusive = true)]
    public double Momentum { get; init; }

    /// <summary>Whether Nesterov's look-ahead is used: the step follows <c>g + μ·v</c>. Needs a momentum above 0; default false.</summary>
    public bool Nesterov { get; init; }

    /// <summary>Factor of the weights that is added to their gradient (L2). At least 0; default 0.</summary>
    [Range(0, double.MaxValue)]
    public override double WeightDecay { get; init; }

    /// <inheritdoc/>
    public override Optimizer Create(IReadOnlyList<NamedParameter> parameters) => new SgdOptimizer(this, parameters);

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Nesterov && Momentum == 0)
            yield return new ValidationResult("Nesterov needs a Momentum above 0.");
    }
}

/// <summary>The steps of <see cref="Sgd"/>.</summary>
internal sealed class SgdOptimizer(Sgd options, IReadOnlyList<NamedParameter> parameters)
    : FusedOptimizer(options, parameters, options.Momentum > 0 ? [("momentum_buffer", Zeros)] : [])   // zeros make the first step v = g, also where the first gradient comes late
{
    protected override void Update(OptimizerStep step) =>
        TensorLists.Call("sgd", step.Parameters, step.Gradients, step.State.FirstOrDefault([]), step.Rate, options.Momentum, step.Decay, options.Nesterov);
}
