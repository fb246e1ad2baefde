using System.Globalization;
using OxyPlot;
using OxyPlot.Axes;
using OxyPlot.Legends;
using OxyPlot.Series;

namespace MlComponents.Reporting;

/// <summary>Precision over recall as a picture: a curve per class, its average precision, and what chance would give.</summary>
public static class PrecisionRecallPlot
{
    private const int MostCurves = 10;
    private const int LongestName = 20;

    /// <summary>Writes it as a PNG of 800 by 500 pixels. Of more than 10 classes those with the lowest average precision are shown.</summary>
    /// <param name="curves">The curves by the name of their class, at least one.</param>
    /// <param name="path">A file; one that is there is replaced.</param>
    /// <exception cref="ArgumentException">There are no curves.</exception>
    public static void Save(IReadOnlyDictionary<string, PrecisionRecallCurve> curves, string path) => PlotFile.Save(Model(curves), path);

    internal static PlotModel Model(IReadOnlyDictionary<string, PrecisionRecallCurve> curves)
    {
        ArgumentNullException.ThrowIfNull(curves);
        if (curves.Count == 0)
            throw new ArgumentException("There is nothing to plot: there are no curves.", nameof(curves));

        var model = PlotFile.Model("Precision over recall", LegendPosition.RightTop).WithLegendOutside();
        model.Axes.Add(Share(AxisPosition.Bottom, "recall (share of the class that is found)"));
        model.Axes.Add(Share(AxisPosition.Left, "precision (share that is right)"));
        List<KeyValuePair<string, PrecisionRecallCurve>> shown = curves.Count <= MostCurves ? [.. curves] : [.. curves.OrderBy(named => named.Value.AveragePrecision).Take(MostCurves)];
        foreach (var ((name, curve), color) in shown.Zip(PlotFile.Several))
            model.Series.Add(Line($"{Short(name)} (AP {Number(curve.AveragePrecision)})", color, LineStyle.Solid, [.. Points(curve)]));

        var chance = curves.Values.Average(curve => curve.Positives / (curve.Positives + curve.Negatives));
        model.Series.Add(Line($"chance ({Number(chance)}{(curves.Count > 1 ? " on average" : "")})", PlotFile.Faint, LineStyle.Dash, [new(0, chance), new(1, chance)]));
        model.Subtitle = $"mean average precision {Number(curves.Values.Average(curve => curve.AveragePrecision))}"
            + (curves.Count > MostCurves ? $"; the {MostCurves} lowest of {curves.Count} classes" : "");
        return model;
    }

    // From the precision of the highest threshold at a recall of 0, where it is undefined.
    private static IEnumerable<DataPoint> Points(PrecisionRecallCurve curve)
    {
        List<DataPoint> points = [.. curve.Points.SkipLast(1).Reverse().Select(point => new DataPoint(point.Recall, point.Precision))];
        return points.Count == 0 ? points : points.Prepend(new DataPoint(0, points[0].Y));
    }

    private static LinearAxis Share(AxisPosition position, string title)
    {
        var axis = PlotFile.Linear(position, title);
        (axis.Minimum, axis.Maximum, axis.MajorStep, axis.StringFormat) = (-0.01, 1.02, 0.2, "0.0");
        (axis.MajorGridlineStyle, axis.MajorGridlineColor) = (LineStyle.Solid, PlotFile.Grid);
        return axis;
    }

    private static LineSeries Line(string title, OxyColor color, LineStyle style, List<DataPoint> points) =>
        new() { Title = title, Color = color, LineStyle = style, StrokeThickness = 2.5, ItemsSource = points };

    private static string Short(string name) => name.Length > LongestName ? $"{name[..(LongestName - 2)]}.." : name;

    private static string Number(double value) => value.ToString("0.000", CultureInfo.InvariantCulture);
}
