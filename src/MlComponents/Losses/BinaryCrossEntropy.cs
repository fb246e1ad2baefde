using System.ComponentModel.DataAnnotations;

namespace MlComponents;

/// <summary>Binary cross-entropy of logits: <c>−(p·t·log σ(x) + (1 − t)·log(1 − σ(x)))</c>, computed without overflow.</summary>
/// <remarks>The mean divides by the number of examples, or by their weights' sum, whatever p is, as in PyTorch.</remarks>
public sealed record BinaryCrossEntropy : LossDefinition
{
    /// <summary>Weight p of the positive examples; above 1 raises recall, below 1 precision. Above 0; default 1.</summary>
    [Range(0, double.MaxValue, MinimumIsExclusive = true)]
    public double PositiveWeight { get; init; } = 1;

    /// <inheritdoc/>
    public override Loss Create(long outputs) => new BinaryCrossEntropyLoss(this);
}

/// <summary>The live <see cref="BinaryCrossEntropy"/>: logits [N, ...] and targets of the same shape, bool or in [0, 1], to a scalar.</summary>
internal sealed class BinaryCrossEntropyLoss(BinaryCrossEntropy options) : ElementwiseLoss(nameof(BinaryCrossEntropyLoss))
{
    protected override Tensor Elements(Tensor prediction, Tensor target, nn.Reduction reduction)
    {
        var positive = options.PositiveWeight == 1 ? null : tensor(options.PositiveWeight, prediction.dtype, prediction.device);
        return nn.functional.binary_cross_entropy_with_logits(prediction, target, weight: null, reduction, positive);
    }
}
