namespace Digits;

/// <summary>How far a control point of a digit's shape is from its place in the style, as a share of the largest distance, -1 to 1.</summary>
/// <remarks>
/// The range is cut into five bands of equal width. The second and fourth are for training, the first, third and fifth for the test: no control
/// point of a test digit is ever moved by as much as one of a training digit, and many are moved further. So what is measured is how well a
/// network knows shapes that it has never seen.
/// </remarks>
public static class Wobble
{
    private const int Bands = 5;

    /// <summary>Draws a distance from the bands of a split.</summary>
    public static float Draw(DigitSplit split, Random random)
    {
        ArgumentNullException.ThrowIfNull(random);
        var band = split == DigitSplit.Train ? 1 + 2 * random.Next(2) : 2 * random.Next(3);
        return (float)(2 * (band + random.NextDouble()) / Bands - 1);
    }

    /// <summary>The split to which a distance belongs.</summary>
    public static DigitSplit SplitOf(float distance) => (int)((distance + 1) / 2 * Bands) % 2 == 0 ? DigitSplit.Test : DigitSplit.Train;
}
