using System.ComponentModel.DataAnnotations;
using System.Runtime.InteropServices;

namespace MlComponents;

/// <summary>Binary cross-entropy of logits: <c>−(p·t·log σ(x) + (1 − t)·log(1 − σ(x)))</c>, computed without overflow.</summary>
/// <remarks>
/// Its elements are the numbers of the target, [N, ...]; the mean divides by how many there are, or by the sum of their examples' weights, whatever p is, as in
/// PyTorch. Targets may be probabilities.
/// </remarks>
public sealed record BinaryCrossEntropy : LossDefinition
{
    /// <summary>Whether predictions are logits; probabilities in [0, 1] where not, whose logarithms are cut at −100 as in PyTorch. Default: true.</summary>
    public bool FromLogits { get; init; } = true;

    /// <summary>Weight p of the positive examples; above 1 raises recall, below 1 precision. Above 0; default 1.</summary>
    [Range(0, double.MaxValue, MinimumIsExclusive = true)]
    public double PositiveWeight { get; init; } = 1;

    /// <summary>
    /// How far s every target moves towards the other class: t becomes <c>t·(1 − s) + (1 − t)·s</c>, which is <see cref="CrossEntropy"/>'s smoothing of two
    /// classes by 2·s. At least 0 and at most 0.5; default 0.
    /// </summary>
    [Range(0.0, 0.5)]
    public double LabelSmoothing { get; init; }

    internal override bool TakesProbabilities => !FromLogits;

    /// <inheritdoc/>
    public override Loss Create(long outputs) => new BinaryCrossEntropyLoss(this);
}

/// <summary>The live <see cref="BinaryCrossEntropy"/>: predictions [N, ...] and targets of the same shape, bool or in [0, 1].</summary>
internal sealed class BinaryCrossEntropyLoss(BinaryCrossEntropy options) : ElementwiseLoss(nameof(BinaryCrossEntropyLoss), options)
{
    private readonly BinaryCrossEntropy options = options;

    protected override Tensor Elements(Tensor x, Tensor t, nn.Reduction reduction)
    {
        if (options.LabelSmoothing > 0)
            t = t * (1 - 2 * options.LabelSmoothing) + options.LabelSmoothing;                     // [N, ...]
        return options.FromLogits ? OfLogits(x, t, reduction) : OfProbabilities(x, t, reduction);
    }

    private Tensor OfLogits(Tensor x, Tensor t, nn.Reduction reduction)
    {
        var positive = options.PositiveWeight == 1 ? null : tensor(options.PositiveWeight, x.dtype, x.device);
        return nn.functional.binary_cross_entropy_with_logits(x, t, weight: null, reduction, positive);
    }

    private Tensor OfProbabilities(Tensor x, Tensor t, nn.Reduction reduction)
    {
        try
        {
            if (options.PositiveWeight == 1)
                return nn.functional.binary_cross_entropy(x, t, weight: null, reduction);

            // The two halves of the formula: PyTorch has no weight of positives for probabilities.
            var each = nn.functional.binary_cross_entropy(x, ones_like(t), weight: options.PositiveWeight * t, nn.Reduction.None)
                + nn.functional.binary_cross_entropy(x, zeros_like(t), weight: 1 - t, nn.Reduction.None);   // [N, ...]
            return reduction == nn.Reduction.Mean ? each.mean() : each;
        }
        catch (ExternalException) when (NoProbability(x) is { } value)
        {
            throw new ArgumentException(
                $"The prediction {value} is no probability: with FromLogits = false predictions are at least 0 and at most 1; leave FromLogits true for logits.", nameof(x));
        }
    }

    /// <summary>The first number outside of [0, 1], or null; reading it is possible only while the device still works, so on a CPU.</summary>
    private static double? NoProbability(Tensor x)
    {
        if (x.device_type != DeviceType.CPU)
            return null;

        using var scope = NewDisposeScope();
        var wrong = x.detach().masked_select(x.ge(0).logical_and(x.le(1)).logical_not());
        return wrong.numel() == 0 ? null : wrong[0].Number();
    }
}
