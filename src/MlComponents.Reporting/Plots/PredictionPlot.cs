using OxyPlot;
using OxyPlot.Axes;
using OxyPlot.Legends;
using OxyPlot.Series;

namespace MlComponents.Reporting;

/// <summary>Predicted numbers over true ones as a picture; what is right lies on the diagonal.</summary>
public static class PredictionPlot
{
    /// <summary>Writes it as a PNG of 800 by 500 pixels.</summary>
    /// <param name="points">True and predicted number of each example, at least one; those that aren't finite are left out.</param>
    /// <param name="path">A file; one that is there is replaced.</param>
    /// <exception cref="ArgumentException">There is no point of finite numbers.</exception>
    public static void Save(IReadOnlyList<(double True, double Predicted)> points, string path) => PlotFile.Save(Model(points), path);

    internal static PlotModel Model(IReadOnlyList<(double True, double Predicted)> points)
    {
        ArgumentNullException.ThrowIfNull(points);
        var finite = points.Where(point => double.IsFinite(point.True) && double.IsFinite(point.Predicted)).ToList();
        if (finite.Count == 0)
            throw new ArgumentException("There is nothing to plot: there is no example whose true and predicted numbers are finite.", nameof(points));

        var (low, high) = (finite.Min(point => Math.Min(point.True, point.Predicted)), finite.Max(point => Math.Max(point.True, point.Predicted)));
        var margin = high > low ? 0.04 * (high - low) : 1;
        var model = PlotFile.Model("Predicted over true numbers", LegendPosition.LeftTop);
        foreach (var (position, title) in new[] { (AxisPosition.Bottom, "true (unit of the label)"), (AxisPosition.Left, "predicted (unit of the label)") })
        {
            var axis = PlotFile.Linear(position, title);
            (axis.Minimum, axis.Maximum, axis.MajorGridlineStyle, axis.MajorGridlineColor) = (low - margin, high + margin, LineStyle.Solid, PlotFile.Grid);
            model.Axes.Add(axis);
        }
        model.Series.Add(new LineSeries { Title = "predicted = true", Color = PlotFile.Marked, LineStyle = LineStyle.Dash, StrokeThickness = 2, Points = { new(low - margin, low - margin), new(high + margin, high + margin) } });
        model.Series.Add(new ScatterSeries
        {
            Title = "example", MarkerType = MarkerType.Circle, MarkerSize = 2.5, MarkerFill = OxyColor.FromAColor(140, PlotFile.Strong),
            ItemsSource = finite.Select(point => new ScatterPoint(point.True, point.Predicted)).ToList(),
        });
        return model;
    }
}
