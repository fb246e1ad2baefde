using System.Numerics;

namespace Digits;

/// <summary>
/// Draws digits by hand: a style of the digit, its control points moved, the whole shifted, turned, scaled and sheared, a pen of some width,
/// specks beside it and noise over it.
/// </summary>
public static class DigitArtist
{
    /// <summary>How far a control point can be from its place, as a share of the digit's size.</summary>
    internal const float LargestWobble = 0.07f;

    /// <summary>Draws pictures, as many of each digit as of any other.</summary>
    /// <param name="split">What for; it decides which shapes there can be.</param>
    /// <param name="count">Number of pictures, at least 1.</param>
    /// <param name="seed">The same seed gives the same pictures, whatever the number of processors.</param>
    public static DigitSet Draw(DigitSplit split, int count, int seed) => Draw(split, count, seed, maxThreads: -1);

    internal static DigitSet Draw(DigitSplit split, int count, int seed, int maxThreads)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);

        var set = new DigitSet(new float[(long)count * DigitSet.PixelCount], new int[count]);
        Parallel.For(0, count, new ParallelOptions { MaxDegreeOfParallelism = maxThreads }, i =>
        {
            set.Labels[i] = i % 10;
            DrawOne(i % 10, split, new Random(Seed(seed, split, i)), set.Pixels.AsSpan(i * DigitSet.PixelCount, DigitSet.PixelCount));
        });
        return set;
    }

    private static void DrawOne(int digit, DigitSplit split, Random random, Span<float> pixels)
    {
        var styles = Styles.All[digit];
        var shape = Shape(styles[random.Next(styles.Length)], split, random);
        var place = Place(random);
        var (radius, ink) = (Between(random, 0.7f, 1.6f), Between(random, 0.6f, 1f));

        var canvas = new Canvas(pixels);
        foreach (var stroke in shape)
            canvas.Draw(stroke.Map(point => Vector2.Transform(point, place)).Flatten(), radius, ink);
        DrawSpecks(canvas, random);
        AddNoise(pixels, Between(random, 0.02f, 0.15f), random);
    }

    /// <summary>A style with every control point moved by wobbles of the split.</summary>
    internal static Stroke[] Shape(Stroke[] style, DigitSplit split, Random random) =>
        Array.ConvertAll(style, stroke => stroke.Map(point =>
            point + LargestWobble * new Vector2(Wobble.Draw(split, random), Wobble.Draw(split, random))));

    /// <summary>From the unit square to somewhere on the picture.</summary>
    private static Matrix3x2 Place(Random random)
    {
        var height = Between(random, 13f, 21f);
        var width = height * Between(random, 0.6f, 0.95f);
        return Matrix3x2.CreateTranslation(-0.5f, -0.5f)
            * Matrix3x2.CreateScale(width, height)
            * Matrix3x2.CreateSkew(Between(random, -0.3f, 0.3f), 0)
            * Matrix3x2.CreateRotation(Between(random, -0.26f, 0.26f))
            * Matrix3x2.CreateTranslation(14 + Between(random, -3f, 3f), 14 + Between(random, -3f, 3f));
    }

    /// <summary>Up to three short lines that belong to no digit.</summary>
    private static void DrawSpecks(Canvas canvas, Random random)
    {
        for (var specks = random.Next(4); specks > 0; specks--)
        {
            var at = new Vector2(Between(random, 0, DigitSet.Side), Between(random, 0, DigitSet.Side));
            var end = at + new Vector2(Between(random, -2.5f, 2.5f), Between(random, -2.5f, 2.5f));
            canvas.Draw([at, end], Between(random, 0.3f, 0.8f), Between(random, 0.3f, 0.9f));
        }
    }

    /// <summary>Adds noise of a triangular distribution with a standard deviation.</summary>
    private static void AddNoise(Span<float> pixels, float deviation, Random random)
    {
        var scale = deviation * MathF.Sqrt(6);
        foreach (ref var pixel in pixels)
            pixel = Math.Clamp(pixel + scale * (random.NextSingle() - random.NextSingle()), 0, 1);
    }

    private static float Between(Random random, float low, float high) => low + (high - low) * random.NextSingle();

    /// <summary>A seed of its own for every picture: SplitMix64's finalizer over the three numbers.</summary>
    private static int Seed(int seed, DigitSplit split, int index)
    {
        var z = ((ulong)(uint)seed << 32 | (uint)index) + (split == DigitSplit.Train ? 0x9e3779b97f4a7c15 : 0x3c6ef372fe94f82a);
        z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
        z = (z ^ z >> 27) * 0x94d049bb133111eb;
        return (int)(z ^ z >> 31);
    }
}
