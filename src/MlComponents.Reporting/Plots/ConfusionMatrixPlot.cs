using System.Globalization;
using OxyPlot;
using OxyPlot.Annotations;
using OxyPlot.Axes;
using OxyPlot.Series;

namespace MlComponents.Reporting;

/// <summary>A confusion matrix as a picture: a row per true class, a column per predicted class, coloured by the share of the true class.</summary>
public static class ConfusionMatrixPlot
{
    internal const int Height = 680;

    private const int MostShares = 10;     // classes for which a cell has room for count and share
    private const int MostCounts = 20;     // for a count
    private const int MostNames = 30;      // for the classes' names beside the matrix
    private const int LongestName = 14;
    private const double Dark = 0.55;      // share from which white text reads better than black

    private static readonly OxyPalette Shades = OxyPalette.Interpolate(100, OxyColors.White, OxyColor.FromRgb(150, 190, 230), PlotFile.Strong, OxyColor.FromRgb(8, 40, 90));

    /// <summary>
    /// Writes it as a PNG of 800 by 680 pixels. A cell has its count and its share of the row up to 10 classes, its count up to 20, and its colour alone beyond; names of classes are beside the
    /// matrix up to 30, and their numbers from 0 beyond.
    /// </summary>
    /// <param name="counts">How often each true class (first index) was taken for each class (second index); square.</param>
    /// <param name="classes">The classes' names, as many; at least 1.</param>
    /// <param name="path">A file; one that is there is replaced.</param>
    /// <exception cref="ArgumentException">There are no classes, or the counts are no square of that many.</exception>
    public static void Save(IReadOnlyList<IReadOnlyList<double>> counts, IReadOnlyList<string> classes, string path) => PlotFile.Save([Model(counts, classes)], Height, path);

    internal static PlotModel Model(IReadOnlyList<IReadOnlyList<double>> counts, IReadOnlyList<string> classes)
    {
        SquareCounts.Check(counts, classes);
        if (classes.Count == 0)
            throw new ArgumentException("There is nothing to plot: there are no classes.", nameof(classes));

        var model = PlotFile.Model("Confusion matrix", OxyPlot.Legends.LegendPosition.RightTop);
        model.Legends.Clear();
        model.Axes.Add(ClassAxis(AxisPosition.Bottom, "predicted class", classes));
        model.Axes.Add(ClassAxis(AxisPosition.Left, "true class", classes));
        model.Axes.Add(new LinearColorAxis
        {
            Position = AxisPosition.Right, Palette = Shades, Minimum = 0, Maximum = 1, MajorStep = 0.2, Title = "share of the true class", LabelFormatter = share => Percent(share), AxisTitleDistance = 12,
        });

        var shares = new double[classes.Count, classes.Count];   // by column, then row
        for (var truth = 0; truth < classes.Count; truth++)
            for (var predicted = 0; predicted < classes.Count; predicted++)
            {
                var share = shares[predicted, truth] = counts[truth].Sum() is var total and > 0 ? counts[truth][predicted] / total : 0;
                if (classes.Count <= MostCounts && counts[truth][predicted] > 0)
                    model.Annotations.Add(Label(predicted, truth, counts[truth][predicted], share, classes.Count));
            }
        model.Series.Add(new HeatMapSeries
        {
            X0 = 0, X1 = Math.Max(classes.Count - 1, 0.001), Y0 = 0, Y1 = Math.Max(classes.Count - 1, 0.001), Data = shares, Interpolate = false, RenderMethod = HeatMapRenderMethod.Rectangles,
        });

        var right = Enumerable.Range(0, classes.Count).Sum(i => counts[i][i]);
        var all = counts.Sum(row => row.Sum());
        model.Subtitle = string.Create(CultureInfo.InvariantCulture, $"{right:#,0.##} of {all:#,0.##} right") + (all > 0 ? $", {(right / all).ToString("0.0%", CultureInfo.InvariantCulture)}" : "");
        return model;
    }

    private static LinearAxis ClassAxis(AxisPosition position, string title, IReadOnlyList<string> classes)
    {
        var isLeft = position == AxisPosition.Left;
        if (classes.Count > MostNames)
        {
            var numbers = PlotFile.Linear(position, $"{title} (number)");
            (numbers.Minimum, numbers.Maximum, numbers.MinimumMajorStep, numbers.MinimumMinorStep) = (-0.5, classes.Count - 0.5, 1, 1);
            if (isLeft)
                (numbers.StartPosition, numbers.EndPosition) = (1, 0);
            return numbers;
        }

        var axis = new CategoryAxis { Position = position, Title = title, AxisTitleDistance = 10, IsTickCentered = true, FontSize = classes.Count > MostCounts ? 11 : 13 };
        axis.Labels.AddRange(classes.Select(name => name.Length > LongestName ? $"{name[..(LongestName - 2)]}.." : name));
        if (isLeft)
            (axis.StartPosition, axis.EndPosition) = (1, 0);
        else if (axis.Labels.Max(name => name.Length) * classes.Count > 60)
            axis.Angle = -55;   // they would run into one another
        return axis;
    }

    private static TextAnnotation Label(int x, int y, double count, double share, int classes) => new()
    {
        Text = classes <= MostShares ? $"{Count(count)}\n{Percent(share)}" : Count(count), TextPosition = new DataPoint(x, y), StrokeThickness = 0,
        TextHorizontalAlignment = HorizontalAlignment.Center, TextVerticalAlignment = VerticalAlignment.Middle,
        TextColor = share > Dark ? OxyColors.White : OxyColors.Black, FontSize = classes <= 6 ? 14 : classes <= MostShares ? 11 : 9,
    };

    private static string Count(double count) => count switch
    {
        < 1 => count.ToString("G2", CultureInfo.InvariantCulture),   // the weights of examples may be small
        < 10_000 => count.ToString("0.#", CultureInfo.InvariantCulture),
        < 1_000_000 => (count / 1000).ToString("0", CultureInfo.InvariantCulture) + "k",
        _ => (count / 1_000_000).ToString("0.#", CultureInfo.InvariantCulture) + "M",
    };

    private static string Percent(double share) => share is > 0 and < 0.01 ? "<1%" : share.ToString("0%", CultureInfo.InvariantCulture);
}
