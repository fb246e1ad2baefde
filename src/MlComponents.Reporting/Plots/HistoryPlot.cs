using System.Globalization;
using OxyPlot;
using OxyPlot.Annotations;
using OxyPlot.Axes;
using OxyPlot.Legends;
using OxyPlot.Series;

namespace MlComponents.Reporting;

/// <summary>A run's history as a picture: for each quantity its curves of training and validation in one plot, and where the validation was best.</summary>
public static class HistoryPlot
{
    internal const int PanelHeight = 320;

    private const int MostMarkers = 40;
    private const double LogarithmicRatio = 20;   // between largest and smallest value: beyond, a linear axis shows the beginning alone

    /// <summary>
    /// Writes it as a PNG of 800 pixels by 320 per quantity: metrics, learning rate and, where it is known, the norm of the gradients. What falls over more than a factor of 20 has a
    /// logarithmic axis; a value that isn't finite is a gap.
    /// </summary>
    /// <param name="history">The history, of at least one row.</param>
    /// <param name="path">A file; one that is there is replaced.</param>
    /// <param name="overSteps">Whether the curves are over optimizer steps and not over epochs. Null: where there are validations within an epoch.</param>
    /// <exception cref="ArgumentException">The history has no rows.</exception>
    public static void Save(History history, string path, bool? overSteps = null)
    {
        ArgumentNullException.ThrowIfNull(history);
        PlotFile.Save(Models(history, MetricFamily.Of(history), overSteps), PanelHeight, path);
    }

    /// <summary>A plot per family.</summary>
    internal static IReadOnlyList<PlotModel> Models(History history, IReadOnlyList<MetricFamily> families, bool? overSteps = null)
    {
        if (history.Count == 0)
            throw new ArgumentException("There is nothing to plot: the history has no rows, because no epoch ended.", nameof(history));

        var isOverSteps = overSteps ?? history.DistinctBy(row => row.Epoch).Count() < history.Count;
        var places = history.Select(row => isOverSteps ? row.Step : (double)row.Epoch).ToList();
        return [.. families.Select(family => Model(family, places, isOverSteps ? "optimizer step" : "epoch"))];
    }

    private static PlotModel Model(MetricFamily family, List<double> places, string unit)
    {
        var model = PlotFile.Model(Capital(family.Name), LegendPosition.RightTop).WithLegendOutside();
        model.Axes.Add(PlaceAxis(places, unit));
        model.Axes.Add(ValueAxis(family));
        foreach (var ((name, values), color) in family.Curves.Zip(Enumerable.Repeat(PlotFile.Several, family.Curves.Count).SelectMany(colors => colors)))
            model.Series.Add(new LineSeries
            {
                Title = name, Color = color, StrokeThickness = 2.5, MarkerType = places.Count <= MostMarkers ? MarkerType.Circle : MarkerType.None, MarkerSize = 3.5, MarkerFill = color,
                ItemsSource = places.Zip(values, (x, y) => new DataPoint(x, y)).ToList(),
            });

        if (family.Direction is { } direction && family.Curves.FirstOrDefault(curve => MetricFamily.IsOfValidation(curve.Name)) is { Name: { } best, Values: { } candidates })
            Mark(model, best, candidates, direction, places, unit);
        return model;
    }

    private static LinearAxis PlaceAxis(List<double> places, string unit)
    {
        var axis = PlotFile.Linear(AxisPosition.Bottom, unit);
        var margin = Math.Max(0.5, 0.03 * (places[^1] - places[0]));
        (axis.Minimum, axis.Maximum) = (places[0] - margin, places[^1] + margin);
        (axis.MinimumMajorStep, axis.MinimumMinorStep, axis.StringFormat) = (1, 1, "#,0");
        return axis;
    }

    private static Axis ValueAxis(MetricFamily family)
    {
        var values = family.Curves.SelectMany(curve => curve.Values).Where(double.IsFinite).ToList();
        var (low, high) = values.Count == 0 ? (0, 1) : (values.Min(), values.Max());
        if (family.Direction != MetricDirection.Rises && low > 0 && high / low > LogarithmicRatio)
        {
            var axis = PlotFile.Logarithmic(AxisPosition.Left, $"{family.Name} (logarithmic)", high / low > 1000 ? 10 : 2);
            (axis.Minimum, axis.Maximum, axis.LabelFormatter, axis.IntervalLength) = (low / 1.3, high * 1.3, Short, 25);
            return axis;
        }
        var linear = PlotFile.Linear(AxisPosition.Left, family.Name);
        var margin = high > low ? 0.08 * (high - low) : Math.Max(0.1 * Math.Abs(high), 1e-6);
        (linear.Minimum, linear.Maximum, linear.MajorGridlineStyle, linear.MajorGridlineColor, linear.LabelFormatter) =
            (low - margin, high + margin, LineStyle.Solid, PlotFile.Grid, Short);
        return linear;
    }

    private static void Mark(PlotModel model, string curve, IReadOnlyList<double> values, MetricDirection direction, List<double> places, string unit)
    {
        var at = -1;
        for (var row = 0; row < values.Count; row++)
            if (direction.IsBetter(values[row], at < 0 ? double.NaN : values[at]))
                at = row;
        if (at < 0)
            return;

        model.Annotations.Add(new LineAnnotation { Type = LineAnnotationType.Vertical, X = places[at], Color = PlotFile.Marked, LineStyle = LineStyle.Dash });
        model.Annotations.Add(new PointAnnotation { X = places[at], Y = values[at], Size = 6, Fill = PlotFile.Marked });
        model.Subtitle = string.Create(CultureInfo.InvariantCulture, $"best {curve} {values[at]:0.####} at {unit} {places[at]:#,0}");
        model.SubtitleColor = PlotFile.Marked;
    }

    private static string Short(double value) =>
        value == 0 ? "0" : Math.Abs(value) is >= 1e-3 and < 1e5 ? value.ToString("0.####", CultureInfo.InvariantCulture) : value.ToString("0.##e0", CultureInfo.InvariantCulture);

    private static string Capital(string name) => char.ToUpperInvariant(name[0]) + name[1..];
}
