using System.Globalization;
using Digits;
using MlComponents;
using SkiaSharp;

namespace DigitRecognition;

/// <summary>A picture of the worst mistakes: digits with what they are, what they were read as, and how sure the model was.</summary>
internal static class MistakeSheet
{
    private const int Most = 40;
    private const int Columns = 8;
    private const int Scale = 4;
    private const int Margin = 16;
    private const int Picture = DigitSet.Side * Scale;
    private const int CellWidth = Picture + 24;
    private const int CellHeight = Picture + 56;

    /// <summary>Writes a PNG with up to 40 mistakes, the surest first.</summary>
    public static void Save(Evaluation evaluation, DigitSet test, string path)
    {
        var shown = evaluation.Mistakes.Take(Most).ToList();
        var rows = (shown.Count + Columns - 1) / Columns;
        using var bitmap = new SKBitmap(2 * Margin + Columns * CellWidth, 3 * Margin + PixelFont.Height(3) + rows * CellHeight);
        using var canvas = new SKCanvas(bitmap);
        canvas.Clear(SKColors.White);
        PixelFont.Draw(canvas, Title(evaluation, shown.Count), Margin, Margin, scale: 3, SKColors.Black);
        for (var i = 0; i < shown.Count; i++)
        {
            var x = Margin + i % Columns * CellWidth;
            var y = 2 * Margin + PixelFont.Height(3) + i / Columns * CellHeight;
            DrawDigit(canvas, test.Picture(shown[i].Row), x, y);
            PixelFont.Draw(canvas, $"TRUE {shown[i].Truth}", x, y + Picture + 6, scale: 2, SKColors.DarkGreen);
            PixelFont.Draw(canvas, $"READ {shown[i].Predicted} {Percent(shown[i].Confidence)}", x, y + Picture + 26, scale: 2, SKColors.DarkRed);
        }

        using var png = bitmap.Encode(SKEncodedImageFormat.Png, quality: 100);
        AtomicFile.Write(path, stream => png.SaveTo(stream));
    }

    private static string Title(Evaluation evaluation, int shown)
    {
        var wrong = evaluation.Mistakes.Count;
        return $"{wrong} OF {evaluation.Rows} WRONG" + (shown < wrong ? $"   THE SUREST {shown}" : shown > 1 ? "   THE SUREST FIRST" : "");
    }

    private static string Percent(float confidence) => ((int)(100 * confidence)).ToString(CultureInfo.InvariantCulture) + "%";

    private static void DrawDigit(SKCanvas canvas, ReadOnlySpan<float> pixels, int left, int top)
    {
        using var paint = new SKPaint();
        for (var i = 0; i < pixels.Length; i++)
        {
            var grey = (byte)(255 * pixels[i]);
            paint.Color = new SKColor(grey, grey, grey);
            canvas.DrawRect(left + i % DigitSet.Side * Scale, top + i / DigitSet.Side * Scale, Scale, Scale, paint);
        }
    }
}
