using System.ComponentModel.DataAnnotations;

namespace MlComponents;

/// <summary>Brings an anchor nearer to a positive than to a negative by a margin: <c>max(0, ‖a − p‖ − ‖a − n‖ + margin)</c>.</summary>
/// <remarks>
/// After Balntas et al., Learning Local Feature Descriptors with Triplets and Shallow Convolutional Neural Networks, BMVC 2016. Predictions are triplets,
/// [N, 3, D], in the order anchor, positive, negative. The target is anything with N rows and isn't looked at, except that a target [N] with
/// <see cref="LossDefinition.IgnoreIndex"/> leaves triplets out. Its elements are the triplets; the mean divides by how many there are, or by the sum of their
/// weights.
/// </remarks>
public sealed record Triplet : LossDefinition
{
    /// <summary>By how much the negative is to be farther away than the positive. At least 0; default 1.</summary>
    [Range(0, double.MaxValue)]
    public double Margin { get; init; } = 1;

    /// <summary>The exponent p of the norm <c>‖d‖ = (Σ |d + 1e-6|^p)^(1/p)</c>. 1 to 16; default 2, the Euclidean distance.</summary>
    [Range(1, 16)]
    public int Norm { get; init; } = 2;

    /// <summary>Whether the distance from positive to negative counts where it is smaller than that from the anchor (Balntas's swap). Default: false.</summary>
    public bool Swap { get; init; }

    /// <inheritdoc/>
    public override Loss Create(long outputs) => new TripletLoss(this);
}

/// <summary>The live <see cref="Triplet"/>: triplets [N, 3, D] and any target of N rows.</summary>
internal sealed class TripletLoss(Triplet options) : AdditiveLoss(nameof(TripletLoss), options)
{
    private const double Epsilon = 1e-6;   // PyTorch's

    private readonly Triplet options = options;

    protected override void CheckShapes(Tensor prediction, Tensor target)
    {
        if (prediction.dim() != 3 || prediction.shape[1] != 3 || target.dim() < 1 || target.shape[0] != prediction.shape[0])
            throw new ArgumentException(
                $"The prediction has the shape {Shown.Shape(prediction.shape)}, but the target {Shown.Shape(target.shape)}: Triplet takes anchor, positive and negative as [N, 3, D], and a target of N rows.");
        if (IgnoreIndex is not null && target.dim() != 1)
            throw new ArgumentException($"The target has the shape {Shown.Shape(target.shape)}: with an IgnoreIndex Triplet takes one number per triplet, [N].", nameof(target));
    }

    protected override Tensor Elements(Tensor x, Tensor target, Tensor? weight)
    {
        var each = nn.functional.triplet_margin_loss(
            x.select(1, 0), x.select(1, 1), x.select(1, 2), options.Margin, options.Norm, Epsilon, options.Swap, nn.Reduction.None);   // [N]
        return IgnoreIndex is { } ignored ? each.masked_fill(target.eq(ignored), 0) : each;        // [N]
    }

    protected override Tensor Weights(Tensor target) =>
        IgnoreIndex is null ? AllCount([target.shape[0]], target.device) : Counts(target, IgnoreIndex);   // [N]
}
