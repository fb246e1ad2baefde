using SkiaSharp;

namespace MlComponents.Reporting;

/// <summary>A white sheet, 800 pixels wide, on which small pictures and lines of text are put.</summary>
internal sealed class PictureSheet : IDisposable
{
    public const int Width = 800;
    public const int Margin = 16;
    public const int TitleHeight = 2 * Margin + 16;

    private readonly SKBitmap bitmap;
    private readonly SKCanvas canvas;

    /// <param name="title">Its first line.</param>
    /// <param name="height">Pixels below that line.</param>
    public PictureSheet(string title, int height)
    {
        bitmap = new SKBitmap(Width, TitleHeight + height);
        canvas = new SKCanvas(bitmap);
        canvas.Clear(SKColors.White);
        Write(title, Margin, Margin, unit: 2, Width - 2 * Margin);
    }

    /// <summary>Writes a line; what is wider than there is room for is made narrower.</summary>
    /// <param name="text">The line.</param>
    /// <param name="left">Pixels from the left.</param>
    /// <param name="top">Pixels from the top to that of a capital.</param>
    /// <param name="unit">Pixels per unit of the font.</param>
    /// <param name="room">Pixels.</param>
    public void Write(string text, float left, float top, float unit, float room)
    {
        var (x, y) = (Math.Min(unit, room / Math.Max(1, StrokeFont.Width(text))), unit);
        using var paint = new SKPaint { Color = new(30, 30, 30), IsAntialias = true, Style = SKPaintStyle.Stroke, StrokeWidth = 0.75f * unit, StrokeCap = SKStrokeCap.Round, StrokeJoin = SKStrokeJoin.Round };
        foreach (var stroke in StrokeFont.Strokes(text))
        {
            using var line = new SKPath();
            line.AddPoly([.. stroke.Select(point => new SKPoint(left + point.X * x, top + point.Y * y))], close: false);
            canvas.DrawPath(line, paint);
        }
    }

    /// <summary>Puts a picture on the sheet, its pixels as squares without smoothing.</summary>
    /// <param name="colors">By row and column.</param>
    /// <param name="left">Pixels from the left.</param>
    /// <param name="top">Pixels from the top.</param>
    /// <param name="width">Pixels.</param>
    /// <param name="height">Pixels.</param>
    public void Draw(SKColor[,] colors, int left, int top, int width, int height)
    {
        using var picture = new SKBitmap(colors.GetLength(1), colors.GetLength(0));
        picture.Pixels = [.. colors.Cast<SKColor>()];
        using var paint = new SKPaint { FilterQuality = SKFilterQuality.None };
        canvas.DrawBitmap(picture, SKRect.Create(left, top, width, height), paint);
    }

    /// <summary>Writes it as a PNG, aside first and then renamed.</summary>
    public void Save(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        canvas.Flush();
        using var png = bitmap.Encode(SKEncodedImageFormat.Png, quality: 100);
        AtomicFile.Write(path, stream => png.SaveTo(stream));
    }

    public void Dispose()
    {
        canvas.Dispose();
        bitmap.Dispose();
    }
}
