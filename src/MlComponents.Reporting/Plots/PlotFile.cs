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

    /// <summary>An empty plot with a legend.</summary>
    public static PlotModel Model(string title, LegendPosition legend)
    {
        var model = new PlotModel { Title = title, TitleFontSize = 18, DefaultFontSize = 14, Background = OxyColors.White, Padding = new OxyThickness(12) };
        model.Legends.Add(new Legend { LegendPosition = legend, LegendBackground = OxyColor.FromAColor(220, OxyColors.White), LegendBorder = OxyColors.LightGray });
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
    public static void Save(PlotModel model, string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        using var bitmap = new SKBitmap(Width, Height);
        using var canvas = new SKCanvas(bitmap);
        using var context = new StrokeTextContext { SkCanvas = canvas, RenderTarget = OxyPlot.SkiaSharp.RenderTarget.PixelGraphic, UseTextShaping = false };
        canvas.Clear(SKColors.White);
        IPlotModel plot = model;
        plot.Update(updateData: true);
        plot.Render(context, new OxyRect(0, 0, Width, Height));

        using var png = bitmap.Encode(SKEncodedImageFormat.Png, quality: 100);
        AtomicFile.Write(path, stream => png.SaveTo(stream));
    }
}
