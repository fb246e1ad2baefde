using OxyPlot.Annotations;
using OxyPlot.Axes;
using OxyPlot.Series;
using SkiaSharp;

namespace MlComponents.Reporting.Tests;

[TestClass]
public sealed class PlotTests
{
    private readonly string path = Path.Combine(Path.GetTempPath(), $"plot-{Guid.NewGuid():n}.png");

    private static readonly double[] Rates = [.. Enumerable.Range(0, 81).Select(i => Math.Pow(10, -6 + i / 10.0))];

    /// <summary>Falls round 1e-3 and explodes beyond 1.</summary>
    private static LearningRateCurve Curve
    {
        get
        {
            var random = new Random(1);
            return new(Rates, [.. Rates.Select(rate => 0.3 + 2 / (1 + rate / 1e-3) + 0.1 * random.NextDouble() + (rate > 1 ? Math.Pow(rate, 6) : 0))]);
        }
    }

    private static BatchSizeTrials Trials => new([new(8, 2100, 400L << 20), new(16, 3900, 402L << 20), new(32, 6500, 410L << 20), new(64, 9000, 450L << 20), new(128, 9400, 610L << 20)], outOfMemory: 256);

    [TestCleanup]
    public void DeleteFile() => File.Delete(path);

    [TestMethod]
    public void LearningRatePlot_OfACurve_ShowsLossesOverLogarithmicRatesAndTheSuggestion()
    {
        var model = LearningRatePlot.Model(Curve);

        var mark = model.Annotations.OfType<LineAnnotation>().Single();
        Assert.AreEqual(Curve.Suggestion, mark.X);
        Assert.StartsWith("suggestion ", model.Subtitle);
        Assert.IsInstanceOfType<LogarithmicAxis>(model.Axes.Single(axis => axis.Position == AxisPosition.Bottom));
        var loss = model.Axes.Single(axis => axis.Position == AxisPosition.Left);
        Assert.IsLessThan(5, loss.Maximum);   // the end of the curve goes beyond a million
        Assert.HasCount(2, model.Series);
        Assert.AreEqual(81, ((LineSeries)model.Series[0]).ItemsSource.Cast<object>().Count());
    }

    [TestMethod]
    public void LearningRatePlot_WithoutASuggestion_SaysSo()
    {
        var model = LearningRatePlot.Model(new LearningRateCurve(Rates, [.. Rates.Select(rate => 1 + rate)]));

        Assert.AreEqual("no suggestion", model.Subtitle);
        Assert.IsEmpty(model.Annotations);
    }

    [TestMethod]
    public void LearningRatePlot_OfNoPoint_SaysWhy() => Assert.Contains(
        "There is nothing to plot: The loss diverged after 0 steps", Assert.ThrowsExactly<ArgumentException>(() => LearningRatePlot.Save(new LearningRateCurve([], []), path)).Message);

    [TestMethod]
    public void LearningRatePlot_Saved_IsAPictureWithLinesAndTextOnWhite()
    {
        LearningRatePlot.Save(Curve, path);
        LearningRatePlot.Save(Curve, path);   // over the one that is there

        using var picture = SKBitmap.Decode(path);
        Assert.AreEqual((800, 500), (picture.Width, picture.Height));
        Assert.AreEqual(SKColors.White, picture.GetPixel(2, 2));
        Assert.IsGreaterThan(300, Count(picture, new(20, 90, 170)));     // the smoothed losses
        Assert.IsGreaterThan(100, Count(picture, new(200, 50, 40)));     // the suggestion
        Assert.IsGreaterThan(100, Dark(picture, bottom: 60));            // the title's letters
        Assert.IsGreaterThan(100, Dark(picture, top: 460));              // the name of the axis
    }

    [TestMethod]
    public void BatchSizePlot_OfTrials_ShowsSpeedMemoryAndTheSuggestion()
    {
        var model = BatchSizePlot.Model(Trials);

        Assert.AreEqual(64, model.Annotations.OfType<LineAnnotation>().Single().X);
        Assert.AreEqual("suggestion 64, 256 rows don't fit into memory", model.Subtitle);
        Assert.HasCount(2, model.Series);
        Assert.HasCount(3, model.Axes);
    }

    [TestMethod]
    public void BatchSizePlot_WithoutMemory_ShowsSpeedAlone()
    {
        var model = BatchSizePlot.Model(new BatchSizeTrials([new(8, 100), new(16, 190)]));

        Assert.HasCount(1, model.Series);
        Assert.AreEqual("suggestion 16", model.Subtitle);
    }

    [TestMethod]
    public void BatchSizePlot_Saved_IsAPicture()
    {
        BatchSizePlot.Save(Trials, path);

        using var picture = SKBitmap.Decode(path);
        Assert.AreEqual((800, 500), (picture.Width, picture.Height));
        Assert.IsGreaterThan(300, Count(picture, new(20, 90, 170)));
    }

    [TestMethod]
    public void StrokeFont_OfText_HasStrokesInsideItsWidthAndABoxForWhatItLacks()
    {
        const string all = "The quick brown fox jumps over the lazy dog. THE QUICK BROWN FOX JUMPS OVER THE LAZY DOG: 0123456789 +-,/%=()[]_'";

        foreach (var stroke in StrokeFont.Strokes(all))
            foreach (var (x, y) in stroke)
                Assert.IsTrue(x >= 0 && x <= StrokeFont.Width(all) && y >= 0 && y <= StrokeFont.Height, $"{x}, {y}");
        Assert.IsFalse(StrokeFont.Strokes(all).Any(IsBox));
        Assert.IsTrue(StrokeFont.Strokes("é").Any(IsBox));
        Assert.AreEqual(0, StrokeFont.Width(""));

        static bool IsBox(IReadOnlyList<(int X, int Y)> stroke) => stroke.SequenceEqual(StrokeFont.Strokes("\0").Single());
    }

    private static int Count(SKBitmap picture, SKColor color) => picture.Pixels.Count(pixel => pixel == color);

    private static int Dark(SKBitmap picture, int top = 0, int bottom = int.MaxValue) =>
        picture.Pixels.Where((_, i) => i / picture.Width >= top && i / picture.Width < bottom).Count(pixel => pixel is { Red: < 100, Green: < 100, Blue: < 100 });
}
