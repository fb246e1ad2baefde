using OxyPlot;
using OxyPlot.Annotations;
using OxyPlot.Axes;
using OxyPlot.Legends;
using OxyPlot.Series;

namespace MlComponents.Reporting;

/// <summary>A search for a batch size as a picture: speed and memory over the sizes, and the suggestion.</summary>
public static class BatchSizePlot
{
    private const double Mebibyte = 1 << 20;

    /// <summary>Writes it as a PNG of 800 by 500 pixels.</summary>
    /// <param name="trials">The sizes.</param>
    /// <param name="path">A file; one that is there is replaced.</param>
    public static void Save(BatchSizeTrials trials, string path) => PlotFile.Save(Model(trials), path);

    internal static PlotModel Model(BatchSizeTrials trials)
    {
        ArgumentNullException.ThrowIfNull(trials);
        var sizes = PlotFile.Logarithmic(AxisPosition.Bottom, "rows per batch (logarithmic)", logarithmicBase: 2);
        sizes.LabelFormatter = value => FormattableString.Invariant($"{value:0}");
        (sizes.Minimum, sizes.Maximum) = (trials.Trials[0].BatchSize / 1.3, trials.LargestFitting * 1.3);

        var model = PlotFile.Model("Speed by batch size", LegendPosition.RightBottom);
        model.Axes.Add(sizes);
        Add(model, PlotFile.Linear(AxisPosition.Left, "rows per second"), PlotFile.Strong, trials.Trials.Select(trial => (trial.BatchSize, trial.RowsPerSecond)));
        if (trials.Trials.Any(trial => trial.MemoryBytes is not null))
            Add(model, PlotFile.Linear(AxisPosition.Right, "peak memory in MiB"), PlotFile.Faint, trials.Trials.Select(trial => (trial.BatchSize, (trial.MemoryBytes ?? double.NaN) / Mebibyte)));
        model.Annotations.Add(new LineAnnotation { Type = LineAnnotationType.Vertical, X = trials.Suggestion, Color = PlotFile.Marked, LineStyle = LineStyle.Dash });
        model.Subtitle = $"suggestion {trials.Suggestion}" + (trials.OutOfMemory is { } size ? $", {size} rows don't fit into memory" : "");
        model.SubtitleColor = PlotFile.Marked;
        return model;
    }

    private static void Add(PlotModel model, LinearAxis axis, OxyColor color, IEnumerable<(int Size, double Value)> values)
    {
        (axis.Key, axis.Minimum, axis.MaximumPadding) = (axis.Title, 0, 0.1);
        model.Axes.Add(axis);
        model.Series.Add(new LineSeries
        {
            Title = axis.Title, YAxisKey = axis.Key, Color = color, StrokeThickness = 3, MarkerType = MarkerType.Circle, MarkerSize = 5, MarkerFill = color,
            ItemsSource = values.Select(value => new DataPoint(value.Size, value.Value)).ToList(),
        });
    }
}
