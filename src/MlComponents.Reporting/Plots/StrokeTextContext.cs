using OxyPlot;
using OxyPlot.SkiaSharp;

namespace MlComponents.Reporting;

/// <summary>Draws a plot as Skia does, and its text with <see cref="StrokeFont"/> instead of a font of the machine.</summary>
internal sealed class StrokeTextContext : SkiaRenderContext, IRenderContext
{
    // A line's height in units: that of its letters, and a space above and below them.
    private const double LineHeight = StrokeFont.Height + 2;

    void IRenderContext.DrawText(
        ScreenPoint p, string text, OxyColor fill, string? fontFamily, double fontSize, double fontWeight, double rotation, HorizontalAlignment horizontalAlignment,
        VerticalAlignment verticalAlignment, OxySize? maxSize)
    {
        var unit = Unit(fontSize);
        var lines = Lines(text);
        var size = Size(lines, unit);
        var (cosine, sine) = (Math.Cos(rotation * Math.PI / 180), Math.Sin(rotation * Math.PI / 180));
        var top = verticalAlignment switch { VerticalAlignment.Top => 0, VerticalAlignment.Middle => -size.Height / 2, _ => -size.Height };
        foreach (var line in lines)
        {
            var left = horizontalAlignment switch { HorizontalAlignment.Left => 0, HorizontalAlignment.Center => -0.5, _ => -1 } * StrokeFont.Width(line) * unit;
            foreach (var stroke in StrokeFont.Strokes(line))
                DrawLine([.. stroke.Select(point => Place(left + point.X * unit, top + (1 + point.Y) * unit))], fill, Thickness(fontSize, fontWeight), EdgeRenderingMode.PreferGeometricAccuracy, null, LineJoin.Round);
            top += LineHeight * unit;
        }

        ScreenPoint Place(double x, double y) => new(p.X + x * cosine - y * sine, p.Y + x * sine + y * cosine);
    }

    OxySize IRenderContext.MeasureText(string text, string? fontFamily, double fontSize, double fontWeight) => Size(Lines(text), Unit(fontSize));

    // A capital is about 0.7 of a font's size high.
    private static double Unit(double fontSize) => 0.7 * fontSize / 6;

    private static double Thickness(double fontSize, double fontWeight) => fontSize / 12 * (fontWeight > FontWeights.Normal ? 1.6 : 1.1);

    private static string[] Lines(string? text) => (text ?? "").Split('\n');

    private static OxySize Size(string[] lines, double unit) =>
        new(lines.Max(StrokeFont.Width) * unit, lines.Length * LineHeight * unit);
}
