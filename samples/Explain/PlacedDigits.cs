using Digits;
using MlComponents;

namespace Explain;

/// <summary>Digits at random places of larger pictures.</summary>
/// <param name="Pictures">0 (background) to 1 (ink), float32 [N, 1, 56, 56].</param>
/// <param name="Labels">0 to 9, int64 [N].</param>
internal sealed record PlacedDigits(Tensor Pictures, Tensor Labels)
{
    /// <summary>Height and width of a picture.</summary>
    public const int Side = 2 * DigitSet.Side;

    /// <summary>Places the first digits of a set; the tensors are in the caller's dispose scope.</summary>
    public static PlacedDigits Of(DigitSet digits, int count, int seed)
    {
        var random = new Random(seed);
        count = Math.Min(count, digits.Count);
        var pixels = new float[count * Side * Side];
        for (var i = 0; i < count; i++)
        {
            var (top, left) = (random.Next(Side - DigitSet.Side + 1), random.Next(Side - DigitSet.Side + 1));
            for (var y = 0; y < DigitSet.Side; y++)
                digits.Picture(i).Slice(y * DigitSet.Side, DigitSet.Side).CopyTo(pixels.AsSpan((i * Side + top + y) * Side + left));
        }
        return new(tensor(pixels, [count, 1, Side, Side]), tensor(digits.Labels.Take(count).Select(label => (long)label).ToArray()));
    }

    /// <summary>The smallest box around the ink of each picture: 1 inside and 0 outside, float32 [N, H, W].</summary>
    public static Tensor Boxes(Tensor pictures)
    {
        using var scope = NewDisposeScope();

        var ink = pictures.squeeze(1).gt(0.5);                                                    // [N, H, W]
        var rows = Span(ink.any(2));                                                              // [N, H]
        var columns = Span(ink.any(1));                                                           // [N, W]

        return (rows.unsqueeze(2) * columns.unsqueeze(1)).MoveToOuterDisposeScope();              // [N, H, W]
    }

    /// <summary>1 from the first to the last true, else 0.</summary>
    private static Tensor Span(Tensor any)
    {
        var numbers = any.to(ScalarType.Float32);                                                 // [N, L]
        var begun = numbers.cumsum(1).gt(0);
        var goesOn = numbers.flip(1).cumsum(1).flip(1).gt(0);
        return begun.logical_and(goesOn).to(ScalarType.Float32);
    }
}
