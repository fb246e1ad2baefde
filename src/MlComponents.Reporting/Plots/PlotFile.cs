using OxyPlot;
using OxyPlot.Axes;
using OxyPlot.Legends;
using SkiaSharp;

namespace MlComponents.Reporting;

/// <summary>What all plots share: their size, their looks and their file.</summary>
internal static class PlotFile
{
    public const int Width = 800;
    public const int Height = 500;

    private const double AxisTitleDistance = 10;

    public static readonly OxyColor Grid = OxyColor.FromRgb(232, 234, 238);
    public static readonly OxyColor Faint = OxyColor.FromRgb(170, 180, 195);
    public static readonly OxyColor Strong = OxyColor.FromRgb(20, 90, 170);
    public static readonly OxyColor Marked = OxyColor.FromRgb(200, 50, 40);

    /// <summary>Colours that are told apart also by the colour-blind: those of Okabe and Ito, dark ones first, and two more.</summary>
    public static readonly IReadOnlyList<OxyColor> Several =
    [
        Strong, OxyColor.FromRgb(213, 94, 0), OxyColor.FromRgb(0, 158, 115), OxyColor.FromRgb(204, 121, 167), OxyColor.FromRgb(86, 180, 233), OxyColor.FromRgb(230, 159, 0),
        OxyColor.FromRgb(90, 90, 90), OxyColor.FromRgb(120, 60, 150), OxyColor.FromRgb(150, 160, 30), OxyColor.FromRgb(120, 70, 40),
    ];

    /// <summary>An empty plot with a legend.</summary>
    public static PlotModel Model(string title, LegendPosition legend)
    {
        var model = new PlotModel { Title = title, TitleFontSize = 18, DefaultFontSize = 14, Background = OxyColors.White, Padding = new OxyThickness(12) };
        model.Legends.Add(new Legend { LegendPosition = legend, LegendBackground = OxyColor.FromAColor(220, OxyColors.White), LegendBorder = OxyColors.LightGray });
        return model;
    }

    /// <summary>The same plot with its legend beside it, where it covers nothing.</summary>
    public static PlotModel WithLegendOutside(this PlotModel model)
    {
        foreach (var legend in model.Legends)
            (legend.LegendPlacement, legend.LegendPosition, legend.LegendFontSize) = (LegendPlacement.Outside, LegendPosition.RightTop, 12);
        return model;
    }

    /// <summary>An axis with its name and its unit.</summary>
    /// <param name="position">Where it is.</param>
    /// <param name="title">What is on it, in which unit.</param>
    public static LinearAxis Linear(AxisPosition position, string title) => new() { Position = position, Title = title, AxisTitleDistance = AxisTitleDistance };

    /// <summary>An axis with its name and its unit, on which equal ratios are equal distances.</summary>
    /// <param name="position">Where it is.</param>
    /// <param name="title">What is on it, in which unit.</param>
    /// <param name="logarithmicBase">The ratio between two labels.</param>
    public static LogarithmicAxis Logarithmic(AxisPosition position, string title, double logarithmicBase = 10) => new()
    {
        Position = position, Title = title, Base = logarithmicBase, AxisTitleDistance = AxisTitleDistance, MajorGridlineStyle = LineStyle.Solid, MajorGridlineColor = Grid,
    };

    /// <summary>Writes a plot as a PNG, aside first and then renamed.</summary>
    public static void Save(PlotModel model, string path) => Save([model], Height, path);

    /// <summary>Writes plots below one another as one PNG, aside first and then renamed.</summary>
    /// <param name="models">The plots, from above.</param>
    /// <param name="height">Height of each in pixels.</param>
    /// <param name="path">A file; one that is there is replaced.</param>
    public static void Save(IReadOnlyList<PlotModel> models, int height, string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        using var bitmap = new SKBitmap(Width, height * models.Count);
        using var canvas = new SKCanvas(bitmap);
        using var context = new StrokeTextContext { SkCanvas = canvas, RenderTarget = OxyPlot.SkiaSharp.RenderTarget.PixelGraphic, UseTextShaping = false };
        canvas.Clear(SKColors.White);
        foreach (IPlotModel plot in models)
        {
            plot.Update(updateData: true);
            plot.Render(context, new OxyRect(0, 0, Width, height));
            canvas.Translate(0, height);
        }

        using var png = bitmap.Encode(SKEncodedImageFormat.Png, quality: 100);
        AtomicFile.Write(path, stream => png.SaveTo(stream));
    }
}
