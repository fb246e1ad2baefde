using SkiaSharp;

namespace MlComponents.Reporting;

/// <summary>A contact sheet of what a layer makes of a picture: each of its maps, with its number and the range of its activations.</summary>
public static class FeatureMapPicture
{
    private const int Columns = 8;
    private const int Most = 128;
    private const int TextHeight = 18;
    private const int Gap = 8;
    private const int Panel = (PictureSheet.Width - 2 * PictureSheet.Margin) / Columns - Gap;

    /// <summary>Writes a PNG, 800 pixels wide, with eight maps in a row. Dark blue is the least finite number of a map, and what isn't finite, and yellow its most; both are written above it. Of more than 128 maps the first are shown.</summary>
    /// <param name="title">Its first line.</param>
    /// <param name="maps">The maps of one picture, float [K, H, W].</param>
    /// <param name="path">A file; one that is there is replaced.</param>
    /// <exception cref="ArgumentException">The maps have another shape.</exception>
    public static void Save(string title, Tensor maps, string path)
    {
        ArgumentNullException.ThrowIfNull(title);
        ArgumentNullException.ThrowIfNull(maps);
        if (maps.shape is not [> 0, > 0, > 0])
            throw new ArgumentException($"A contact sheet takes the maps of one picture, [K, H, W], but was given [{string.Join(", ", maps.shape)}].", nameof(maps));

        var (count, panelHeight) = ((int)Math.Min(Most, maps.shape[0]), (int)Math.Max(1, Panel * maps.shape[1] / maps.shape[2]));
        var cellHeight = TextHeight + panelHeight + Gap;
        using var sheet = new PictureSheet(count < maps.shape[0] ? $"{title} (the first {count} of {maps.shape[0]})" : title, (count + Columns - 1) / Columns * cellHeight + Gap);
        for (var k = 0; k < count; k++)
        {
            var (left, top) = (PictureSheet.Margin + k % Columns * (Panel + Gap), PictureSheet.TitleHeight + k / Columns * cellHeight);
            var (colors, low, high) = Colors(maps[k]);
            sheet.Write(Caption(k, low, high), left, top, unit: 1.25f, Panel);
            sheet.Draw(colors, left, top + TextHeight, Panel, panelHeight);
        }
        sheet.Save(path);
    }

    /// <summary>A map's number and its range, in three digits.</summary>
    internal static string Caption(int number, double low, double high) => FormattableString.Invariant($"{number}: ") + (double.IsNaN(low) ? "not finite" : FormattableString.Invariant($"{low:G3} to {high:G3}"));

    /// <summary>A map as colours, and its range, which is NaN where no number is finite; a map of one value is dark.</summary>
    internal static (SKColor[,] Colors, double Low, double High) Colors(Tensor map)
    {
        using var scope = NewDisposeScope();

        var values = map.to(ScalarType.Float64).contiguous().cpu().data<double>().ToArray();
        var finite = values.Where(double.IsFinite).DefaultIfEmpty(double.NaN).ToList();
        var (low, high, width) = (finite.Min(), finite.Max(), (int)map.shape[1]);
        var colors = new SKColor[map.shape[0], width];
        for (var i = 0; i < values.Length; i++)
            colors[i / width, i % width] = ColorScale.Of(high > low && double.IsFinite(values[i]) ? (values[i] - low) / (high - low) : 0);
        return (colors, low, high);
    }
}
