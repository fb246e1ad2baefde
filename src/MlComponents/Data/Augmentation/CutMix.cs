using System.ComponentModel.DataAnnotations;

namespace MlComponents;

/// <summary>
/// Pastes a rectangle of another image of the batch into each, whose loss is <c>λ·l(ŷ, y) + (1 − λ)·l(ŷ, y')</c> with the share <c>λ</c> of the pixels that it keeps. Yun et al., CutMix (arXiv 1905.04899).
/// </summary>
/// <remarks>
/// <para>
/// The rectangle has the share <c>1 − λ</c> of both sides' square, <c>H·√(1 − λ)</c> by <c>W·√(1 − λ)</c>, with λ from Beta(α, α) for each example, about a centre that is uniform over the image. What is cut off at the
/// edges isn't pasted, and λ becomes what the image did keep. Each label also counts with the weight of its example. It takes images, [C, H, W], whose labels are no masks.
/// </para>
/// <para>The other image is one of the same batch, so what becomes of an example depends on which others are in the batch, though not on their order. In a batch of one there is no other.</para>
/// </remarks>
public sealed record CutMix : AugmentationDefinition
{
    /// <summary>α of the distribution of λ: with 1 every λ is as likely. Above 0; default 1.</summary>
    [Range(0, double.MaxValue, MinimumIsExclusive = true)]
    public double Alpha { get; init; } = 1;

    /// <summary>Probability with which an example is changed. 0 to 1; default 1.</summary>
    [Range(0.0, 1.0)]
    public double Probability { get; init; } = 1;

    internal override bool IsMixing => true;

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The examples aren't images [C, H, W], or have masks or no label.</exception>
    public override Augmentation Create(IReadOnlyDictionary<string, long[]> shapes)
    {
        MixingAugmentation.CheckLabel(nameof(CutMix), shapes);
        ImageAugmentation.ShapeWithoutMask(nameof(CutMix), shapes);
        return new CutMixAugmentation(this);
    }
}

/// <summary>The live <see cref="CutMix"/>.</summary>
internal sealed class CutMixAugmentation(CutMix options) : MixingAugmentation(options.Alpha, options.Probability)
{
    protected override (Tensor Features, Tensor Kept) Mix(Tensor features, Tensor others, Tensor share, ExampleRandom random)
    {
        var u = random.Uniform(2);                                                                 // [N, 2]
        var (height, width) = (features.shape[2], features.shape[3]);
        var row = (u.select(1, 0) * height).floor();                                               // [N]
        var column = (u.select(1, 1) * width).floor();                                             // [N]

        return Paste(features, others, Place(height, width, share, row, column));
    }

    /// <summary>The rectangles that leave their images a share, as far as they are inside.</summary>
    /// <param name="height">Rows of the images.</param>
    /// <param name="width">Columns of the images.</param>
    /// <param name="share">What the image would keep if nothing were cut off, from 0 to 1, [N].</param>
    /// <param name="row">The centres' rows, [N].</param>
    /// <param name="column">The centres' columns, [N].</param>
    internal static Rectangles Place(long height, long width, Tensor share, Tensor row, Tensor column)
    {
        using var scope = NewDisposeScope();

        var half = (1 - share).sqrt() / 2;                                                         // [N]
        var (rows, columns) = ((half * height).floor(), (half * width).floor());                   // [N]

        return new Rectangles((row - rows).clamp_min(0), (column - columns).clamp_min(0), (row + rows).clamp_max(height), (column + columns).clamp_max(width)).MoveToOuterDisposeScope();
    }

    /// <summary>Pastes rectangles of other images.</summary>
    /// <returns>The images, [N, C, H, W], and the share of its own pixels that each has, [N].</returns>
    internal static (Tensor Features, Tensor Kept) Paste(Tensor images, Tensor others, Rectangles places)
    {
        using var scope = NewDisposeScope();

        var (height, width) = (images.shape[2], images.shape[3]);
        var pasted = where(places.Mask(height, width), others, images);                            // [N, C, H, W]
        var kept = 1 - places.Area() / (height * width);                                           // [N]

        return (pasted.MoveToOuterDisposeScope(), kept.MoveToOuterDisposeScope());
    }
}
