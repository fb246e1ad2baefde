using OxyPlot;
using OxyPlot.Annotations;
using OxyPlot.Axes;
using OxyPlot.Series;
using static TorchSharp.torch;

namespace MlComponents.Reporting.Tests;

[TestClass]
public sealed class CurveTests
{
    // Labels 0 0 1 1 in bins of rising scores 1, 3, 2, 4 give 1·½ + ⅔·½, as the description of average precision has it.
    [TestMethod]
    public void Curve_OfFourExamples_HasThePointsByHand()
    {
        var (positives, negatives) = (new double[ScoreHistogram.Bins], new double[ScoreHistogram.Bins]);
        (negatives[100], positives[200], negatives[300], positives[400]) = (1, 1, 1, 1);

        var curve = new ScoreHistogram(positives, negatives).Curve();
        var model = PrecisionRecallPlot.Model(new Dictionary<string, PrecisionRecallCurve> { ["yes"] = curve });

        Assert.AreEqual(0.5 + 1.0 / 3, curve.AveragePrecision, 1e-12);
        CollectionAssert.AreEqual(new[] { -16.0, -12, -8, -4, double.PositiveInfinity }, curve.Points.Select(point => Math.Round(point.Threshold, 9)).ToArray());
        CollectionAssert.AreEqual(
            new DataPoint[] { new(0, 1), new(0.5, 1), new(0.5, 0.5), new(1, 2.0 / 3), new(1, 0.5) }, ((LineSeries)model.Series[0]).ItemsSource.Cast<DataPoint>().ToArray());
        CollectionAssert.AreEqual(new DataPoint[] { new(0, 0.5), new(1, 0.5) }, ((LineSeries)model.Series[1]).ItemsSource.Cast<DataPoint>().ToArray());
    }

    [TestMethod]
    public void BinOf_LogOdds_AreEvenAndBounded()
    {
        using var bins = ScoreHistogram.BinOf(tensor(new[] { double.NegativeInfinity, -20, 0, 0.039, 0.041, 25, double.PositiveInfinity, double.NaN }));

        CollectionAssert.AreEqual(new long[] { 0, 0, 500, 500, 501, 999, 999, 0 }, bins.data<long>().ToArray());
    }

    [TestMethod]
    public void HistoryPlot_OfTrainingAndValidation_HasBothInOnePlotAndMarksTheBest()
    {
        var history = HistoryOf(0.9, 0.4, 0.5);

        var model = HistoryPlot.Models(history, MetricFamily.Of(history))[0];

        CollectionAssert.AreEqual(new[] { "train", "validation" }, model.Series.Select(series => series.Title).ToArray());
        Assert.AreEqual(2, model.Annotations.OfType<LineAnnotation>().Single().X);
        Assert.AreEqual("best validation 0.4 at epoch 2", model.Subtitle);
        Assert.IsInstanceOfType<LinearAxis>(model.Axes[1]);
    }

    [TestMethod]
    public void HistoryPlot_OfLossesFarApart_IsLogarithmic()
    {
        var history = HistoryOf(5, 0.5, 0.1);

        Assert.IsInstanceOfType<LogarithmicAxis>(HistoryPlot.Models(history, MetricFamily.Of(history))[0].Axes[1]);
    }

    [TestMethod]
    public void HistoryPlot_WithoutRows_IsAnError() =>
        Assert.StartsWith("There is nothing to plot: the history has no rows", Assert.ThrowsExactly<ArgumentException>(() => HistoryPlot.Save(new History(), "x.png")).Message);

    [TestMethod]
    public void ConfusionMatrixPlot_OfTwoClasses_HasCountsAndShares()
    {
        var model = ConfusionMatrixPlot.Model([[3, 1], [0, 4]], ["no", "yes"]);

        CollectionAssert.AreEqual(new[] { "3\n75%", "1\n25%", "4\n100%" }, model.Annotations.Cast<TextAnnotation>().Select(label => label.Text).ToArray());
        Assert.AreEqual("7 of 8 right, 87.5%", model.Subtitle);
        Assert.AreEqual(0.25, ((HeatMapSeries)model.Series[0]).Data[1, 0]);   // column 1 of row 0
    }

    [TestMethod]
    public void ConfusionMatrixPlot_OfSmallWeights_HasTheirDigits()
    {
        var model = ConfusionMatrixPlot.Model([[0.0125, 0], [0.25, 1.25]], ["no", "yes"]);

        CollectionAssert.AreEqual(new[] { "0.013\n100%", "0.25\n17%", "1.3\n83%" }, model.Annotations.Cast<TextAnnotation>().Select(label => label.Text).ToArray());
        Assert.AreEqual("1.26 of 1.51 right, 83.5%", model.Subtitle);
    }

    [TestMethod]
    public void ConfusionMatrixPlot_OfAHundredClasses_HasColoursAlone() =>
        Assert.IsEmpty(ConfusionMatrixPlot.Model([.. Enumerable.Range(0, 100).Select(i => new double[100])], [.. Enumerable.Range(0, 100).Select(i => $"{i}")]).Annotations);

    [TestMethod]
    public void PredictionPlot_OfNoFiniteNumber_IsAnError() =>
        Assert.StartsWith("There is nothing to plot", Assert.ThrowsExactly<ArgumentException>(() => PredictionPlot.Save([(double.NaN, 1)], "x.png")).Message);

    private static History HistoryOf(params double[] losses) => new(losses.Select((loss, i) => new HistoryRow
    {
        Epoch = i + 1, Step = 10 * (i + 1), Seconds = i, LearningRate = 1e-3, Metrics = new Dictionary<string, double> { ["train/loss"] = loss, ["validation/loss"] = loss },
    }));
}
