using System.ComponentModel.DataAnnotations;

namespace MlComponents;

/// <summary>Huber's loss: <c>½(x − t)²</c> where <c>|x − t| ≤ δ</c>, and <c>δ·(|x − t| − ½δ)</c> beyond, so that outliers pull linearly.</summary>
/// <remarks>
/// After Huber, Robust Estimation of a Location Parameter, 1964. Its elements are the numbers of the target, [N, ...]; the mean divides by how many there are,
/// or by the sum of their examples' weights.
/// </remarks>
public sealed record Huber : LossDefinition
{
    /// <summary>Where the parabola becomes a line, in the target's unit. Above 0; default 1.</summary>
    [Range(0, double.MaxValue, MinimumIsExclusive = true)]
    public double Delta { get; init; } = 1;

    /// <inheritdoc/>
    public override Loss Create(long outputs) => new HuberLoss(this);
}

/// <summary>The live <see cref="Huber"/>: predictions and targets of the same shape, [N, ...].</summary>
internal sealed class HuberLoss(Huber options) : ElementwiseLoss(nameof(HuberLoss), options)
{
    private readonly double delta = options.Delta;

    protected override Tensor Elements(Tensor x, Tensor t, nn.Reduction reduction) => nn.functional.huber_loss(x, t, delta, reduction);
}
