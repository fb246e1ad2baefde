using System.Globalization;
using OxyPlot;
using OxyPlot.Annotations;
using OxyPlot.Axes;
using OxyPlot.Legends;
using OxyPlot.Series;

namespace MlComponents.Reporting;

/// <summary>A search for a learning rate as a picture: the losses over the rates, and the suggestion.</summary>
public static class LearningRatePlot
{
    /// <summary>Writes it as a PNG of 800 by 500 pixels. Losses far above those of the beginning are cut off.</summary>
    /// <param name="curve">The curve; without a suggestion the plot says that there is none.</param>
    /// <param name="path">A file; one that is there is replaced.</param>
    /// <exception cref="ArgumentException">The curve has no points.</exception>
    public static void Save(LearningRateCurve curve, string path) => PlotFile.Save(Model(curve), path);

    internal static PlotModel Model(LearningRateCurve curve)
    {
        ArgumentNullException.ThrowIfNull(curve);
        if (curve.Points.Count == 0)
            throw new ArgumentException($"There is nothing to plot: {curve.Problem}", nameof(curve));

        var (low, high) = (curve.Points.Min(point => Math.Min(point.Loss, point.Smoothed)), curve.Points.Max(point => point.Smoothed));
        var margin = high > low ? 0.1 * (high - low) : 1;
        var model = PlotFile.Model("Loss by learning rate", LegendPosition.LeftBottom);
        var rates = PlotFile.Logarithmic(AxisPosition.Bottom, "learning rate (logarithmic)");
        rates.LabelFormatter = Short;
        model.Axes.Add(rates);
        var losses = PlotFile.Linear(AxisPosition.Left, "loss of a batch");
        (losses.Minimum, losses.Maximum) = (low - margin, high + 2 * margin);
        model.Axes.Add(losses);
        model.Series.Add(Line("each step", PlotFile.Faint, 1.5, curve.Points.Select(point => new DataPoint(point.Rate, point.Loss))));
        model.Series.Add(Line("smoothed", PlotFile.Strong, 3, curve.Points.Select(point => new DataPoint(point.Rate, point.Smoothed))));
        if (curve.Problem is null)
            Mark(model, curve);
        else
            model.Subtitle = "no suggestion";
        return model;
    }

    private static void Mark(PlotModel model, LearningRateCurve curve)
    {
        var at = curve.Points.First(point => point.Rate == curve.Suggestion);
        model.Annotations.Add(new LineAnnotation { Type = LineAnnotationType.Vertical, X = at.Rate, Color = PlotFile.Marked, LineStyle = LineStyle.Dash });
        model.Annotations.Add(new PointAnnotation { X = at.Rate, Y = at.Smoothed, Size = 6, Fill = PlotFile.Marked });
        model.Subtitle = $"suggestion {Short(at.Rate)}, where it falls fastest";
        model.SubtitleColor = PlotFile.Marked;
    }

    private static string Short(double rate) => rate.ToString("0.#e0", CultureInfo.InvariantCulture);

    private static LineSeries Line(string title, OxyColor color, double thickness, IEnumerable<DataPoint> points) =>
        new() { Title = title, Color = color, StrokeThickness = thickness, ItemsSource = points.ToList() };
}
