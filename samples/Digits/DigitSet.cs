namespace Digits;

/// <summary>Grey pictures of digits, 28 by 28 pixels, and what they show.</summary>
/// <param name="Pixels">0 (background) to 1 (ink), [Count, 28, 28] in row-major order.</param>
/// <param name="Labels">0 to 9, [Count].</param>
public sealed record DigitSet(float[] Pixels, int[] Labels)
{
    /// <summary>Height and width of a picture.</summary>
    public const int Side = 28;

    /// <summary>Pixels of a picture.</summary>
    public const int PixelCount = Side * Side;

    /// <summary>Number of pictures.</summary>
    public int Count => Labels.Length;

    /// <summary>The pixels of one picture.</summary>
    public ReadOnlySpan<float> Picture(int index) => Pixels.AsSpan(index * PixelCount, PixelCount);
}
