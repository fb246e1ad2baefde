using System.ComponentModel.DataAnnotations;

namespace MlComponents;

/// <summary>
/// Blends each example with another one of its batch: <c>λ·x + (1 − λ)·x'</c>, whose loss is <c>λ·l(ŷ, y) + (1 − λ)·l(ŷ, y')</c>. Zhang et al., mixup: Beyond empirical risk minimization
/// (arXiv 1710.09412).
/// </summary>
/// <remarks>
/// <para>
/// λ is drawn from Beta(α, α) for each example, where the paper's own code draws one per batch. Examples of any shape can be blended; each label also counts with the weight of its example. A loss that
/// looks at a batch as a whole (regions) takes both labels of each example with these weights.
/// </para>
/// <para>The other example is one of the same batch, so what becomes of an example depends on which others are in the batch, though not on their order. In a batch of one there is no other.</para>
/// </remarks>
public sealed record MixUp : AugmentationDefinition
{
    /// <summary>α of the distribution of λ: small ones leave most examples nearly as they were, and 1 makes every λ as likely. Above 0; default 0.2.</summary>
    [Range(0, double.MaxValue, MinimumIsExclusive = true)]
    public double Alpha { get; init; } = 0.2;

    /// <summary>Probability with which an example is blended. 0 to 1; default 1.</summary>
    [Range(0.0, 1.0)]
    public double Probability { get; init; } = 1;

    internal override bool IsMixing => true;

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The examples have no label.</exception>
    public override Augmentation Create(IReadOnlyDictionary<string, long[]> shapes)
    {
        MixingAugmentation.CheckLabel(nameof(MixUp), shapes);
        return new MixUpAugmentation(this);
    }
}

/// <summary>The live <see cref="MixUp"/>.</summary>
internal sealed class MixUpAugmentation(MixUp options) : MixingAugmentation(options.Alpha, options.Probability)
{
    protected override (Tensor Features, Tensor Kept) Mix(Tensor features, Tensor others, Tensor share, ExampleRandom random)
    {
        CheckType(nameof(MixUp), features);
        var each = share.to(features.dtype).view([share.shape[0], .. Enumerable.Repeat(1L, (int)features.dim() - 1)]);   // [N, 1, ...]
        return (others.lerp(features, each), share);
    }
}
