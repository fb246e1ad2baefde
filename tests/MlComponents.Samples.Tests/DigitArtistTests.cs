using System.Numerics;
using Digits;

namespace MlComponents.Samples.Tests;

[TestClass]
public sealed class DigitArtistTests
{
    [TestMethod]
    public void Draw_TwiceWithOneSeed_GivesTheSamePixels()
    {
        var first = DigitArtist.Draw(DigitSplit.Train, 50, seed: 7);
        var again = DigitArtist.Draw(DigitSplit.Train, 50, seed: 7);

        CollectionAssert.AreEqual(first.Pixels, again.Pixels);
        CollectionAssert.AreEqual(first.Labels, again.Labels);
    }

    [TestMethod]
    public void Draw_ByOneThreadOrMany_GivesTheSamePixels() =>
        CollectionAssert.AreEqual(
            DigitArtist.Draw(DigitSplit.Test, 200, seed: 7, maxThreads: 1).Pixels, DigitArtist.Draw(DigitSplit.Test, 200, seed: 7, maxThreads: 8).Pixels);

    [TestMethod]
    public void Draw_OfAnotherSeedOrSplit_GivesOtherPicturesInEveryRow()
    {
        var digits = DigitArtist.Draw(DigitSplit.Train, 50, seed: 7);
        var otherSeed = DigitArtist.Draw(DigitSplit.Train, 50, seed: 8);
        var otherSplit = DigitArtist.Draw(DigitSplit.Test, 50, seed: 7);

        for (var i = 0; i < digits.Count; i++)
        {
            Assert.IsFalse(digits.Picture(i).SequenceEqual(otherSeed.Picture(i)), $"row {i}, seed");
            Assert.IsFalse(digits.Picture(i).SequenceEqual(otherSplit.Picture(i)), $"row {i}, split");
        }
    }

    [TestMethod]
    public void Draw_GivesAsManyOfEachDigitAndGreysFromZeroToOneWithInkInEach()
    {
        var digits = DigitArtist.Draw(DigitSplit.Train, 500, seed: 1);

        Assert.HasCount(500 * 784, digits.Pixels);
        Assert.IsTrue(digits.Labels.CountBy(label => label).All(count => count.Value == 50));
        Assert.IsTrue(digits.Pixels.All(pixel => pixel is >= 0 and <= 1));
        for (var i = 0; i < digits.Count; i++)
            Assert.IsGreaterThan(10, digits.Picture(i).ToArray().Count(pixel => pixel > 0.5f), $"row {i}");
    }

    [TestMethod]
    public void Shape_OfTheTwoSplits_MovesNoControlPointByTheSameDistance()
    {
        var random = new Random(1);

        foreach (var (split, other) in new[] { (DigitSplit.Train, DigitSplit.Test), (DigitSplit.Test, DigitSplit.Train) })
            foreach (var style in Styles.All.SelectMany(styles => styles))
                for (var i = 0; i < 20; i++)
                    foreach (var (was, now) in style.Zip(DigitArtist.Shape(style, split, random)))
                        foreach (var move in was.Points.Zip(now.Points, (from, to) => (to - from) / DigitArtist.LargestWobble))
                        {
                            Assert.IsFalse(IsInside(other, move.X), $"{split} {move.X}");
                            Assert.IsFalse(IsInside(other, move.Y), $"{split} {move.Y}");
                        }
    }

    [TestMethod]
    [DataRow(-0.9f, DigitSplit.Test)]
    [DataRow(-0.4f, DigitSplit.Train)]
    [DataRow(0f, DigitSplit.Test)]
    [DataRow(0.4f, DigitSplit.Train)]
    [DataRow(0.9f, DigitSplit.Test)]
    public void SplitOf_ADistance_IsThatOfItsBand(float distance, DigitSplit expected) =>
        Assert.AreEqual(expected, Wobble.SplitOf(distance));

    [TestMethod]
    [DataRow(DigitSplit.Train, 2)]
    [DataRow(DigitSplit.Test, 3)]
    public void Draw_OfDistances_FillsAllBandsOfTheSplitAndNoOther(DigitSplit split, int bands)
    {
        var random = new Random(1);

        var drawn = Enumerable.Range(0, 1000).Select(_ => Wobble.Draw(split, random)).ToList();

        Assert.IsTrue(drawn.All(distance => Wobble.SplitOf(distance) == split));
        Assert.HasCount(bands, drawn.Select(distance => (int)((distance + 1) * 2.5f)).Distinct());
    }

    [TestMethod]
    public void Canvas_OfAHorizontalLine_CoversPixelsByTheirDistance()
    {
        var pixels = new float[784];

        new Canvas(pixels).Draw([new Vector2(5, 10.5f), new Vector2(20, 10.5f)], radius: 1, ink: 0.8f);

        float[] column = [.. Enumerable.Range(8, 5).Select(y => pixels[y * 28 + 12])];
        Assert.IsTrue(column.Zip([0, 0.4f, 0.8f, 0.4f, 0], (actual, expected) => MathF.Abs(actual - expected)).Max() < 1e-6f, string.Join(" ", column));
        Assert.AreEqual(0, pixels[10 * 28 + 25]);
    }

    /// <summary>Whether a distance is inside a band of the split, further from its edge than rounding could have moved it.</summary>
    private static bool IsInside(DigitSplit split, float distance) =>
        Wobble.SplitOf(distance - 1e-4f) == split && Wobble.SplitOf(distance) == split && Wobble.SplitOf(distance + 1e-4f) == split;
}
