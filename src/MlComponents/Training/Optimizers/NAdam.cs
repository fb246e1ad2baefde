using System.ComponentModel.DataAnnotations;
using TorchSharp.Modules;

namespace MlComponents;

/// <summary>
/// Adam with Nesterov's look-ahead (Dozat, "Incorporating Nesterov Momentum into Adam", 2016), in PyTorch's form: with a momentum that grows,
/// <c>μₜ = β₁·(1 − 0.96^(t·ψ)/2)</c>, and <c>Πₜ = μ₁·…·μₜ</c>, the numerator of Adam's step is <c>μₜ₊₁·m/(1 − Πₜ₊₁) + (1 − μₜ)·g/(1 − Πₜ)</c>.
/// </summary>
/// <remarks>As PyTorch 2 computes it; PyTorch 1 has one factor μₜ too many in Πₜ₊₁.</remarks>
public sealed record NAdam : AdaptiveMoments
{
    /// <summary>Learning rate before the schedule's factor. Above 0; default 2e-3.</summary>
    [Range(0, double.MaxValue, MinimumIsExclusive = true)]
    public override double LearningRate { get; init; } = 2e-3;

    /// <summary>How soon the momentum grows to β₁: ψ. At least 0; default 4e-3.</summary>
    [Range(0, double.MaxValue)]
    public double MomentumDecay { get; init; } = 4e-3;

    /// <summary>The weight decay λ: <c>λ·θ</c> is added to the gradient or, where it is decoupled, <c>η·λ·θ</c> is taken from the weights. At least 0; default 0.</summary>
    [Range(0, double.MaxValue)]
    public override double WeightDecay { get; init; }

    /// <summary>Whether the weight decay is apart from the gradient, as in <see cref="AdamW"/>. Default: false.</summary>
    public bool DecoupledWeightDecay { get; init; }

    /// <inheritdoc/>
    public override Optimizer Create(IReadOnlyList<NamedParameter> parameters) => new NAdamOptimizer(this, parameters);
}

/// <summary>The steps of <see cref="NAdam"/>: Adam's kernel takes the mean's part of one, what remains is the gradient's.</summary>
internal sealed class NAdamOptimizer(NAdam options, IReadOnlyList<NamedParameter> parameters)
    : FusedOptimizer(options, parameters, ("exp_avg", Zeros), ("exp_avg_sq", Zeros), ("mu_product", One))
{
    protected override void Update(OptimizerStep step)
    {
        var (momentum, next) = (Momentum(step.Count), Momentum(step.Count + 1));
        var product = momentum * step.State[2][0].item<double>();   // the same for all that were moved equally often, and on the CPU
        var root = Math.Sqrt(step.Correction(options.Beta2));
        var meanRate = step.Rate * next / (1 - product * next) * step.Correction(options.Beta1);   // the kernel corrects the mean by Adam's factor
        var gradientRate = step.Rate * (1 - momentum) / (1 - product) * root;

        TensorLists.Call("nadam", step.Parameters, step.Gradients, step.State[0], step.State[1], step.State[2], (double)step.Count, step.Rate, meanRate, gradientRate,
            momentum, options.Beta1, options.Beta2, options.Epsilon, options.Epsilon * root, step.Decay, options.DecoupledWeightDecay);
    }

    private double Momentum(long count) => options.Beta1 * (1 - 0.5 * Math.Pow(0.96, count * options.MomentumDecay));

    private static Tensor One(Parameter parameter) => ones([], ScalarType.Float64, CPU);
}
