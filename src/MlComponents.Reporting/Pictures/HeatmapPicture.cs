using SkiaSharp;

namespace MlComponents.Reporting;

/// <summary>What maps such as those of <see cref="GradCam"/> say of pictures: each picture, its map, and the map over the picture, side by side.</summary>
public static class HeatmapPicture
{
    private const int Columns = 2;
    private const int Gap = 4;
    private const int TextHeight = 20;
    private const int Panel = (PictureSheet.Width - (Columns + 1) * PictureSheet.Margin) / Columns / 3 - Gap;

    /// <summary>Writes a PNG, 800 pixels wide, in two columns. Dark blue is 0 and yellow is 1.</summary>
    /// <param name="title">Its first line.</param>
    /// <param name="pictures">Grey or RGB, 0 to 1, float [N, 1, H, W] or [N, 3, H, W].</param>
    /// <param name="maps">0 to 1, float [N, H, W].</param>
    /// <param name="captions">A line for each, e.g. its class and how sure the network is, [N].</param>
    /// <param name="path">A file; one that is there is replaced.</param>
    /// <exception cref="ArgumentException">The shapes don't fit together.</exception>
    public static void Save(string title, Tensor pictures, Tensor maps, IReadOnlyList<string> captions, string path)
    {
        ArgumentNullException.ThrowIfNull(title);
        ArgumentNullException.ThrowIfNull(pictures);
        ArgumentNullException.ThrowIfNull(maps);
        ArgumentNullException.ThrowIfNull(captions);
        if (pictures.shape is not [> 0, 1 or 3, var height and > 0, var width and > 0] || !maps.shape.SequenceEqual([pictures.shape[0], height, width]) || captions.Count != pictures.shape[0])
            throw new ArgumentException(
                $"A picture of heat maps takes pictures [N, 1, H, W] or [N, 3, H, W], maps [N, H, W] and N captions, but was given [{string.Join(", ", pictures.shape)}], "
                + $"[{string.Join(", ", maps.shape)}] and {captions.Count}.");

        var panelHeight = (int)Math.Max(1, Panel * height / width);
        var cell = (Width: 3 * (Panel + Gap) + PictureSheet.Margin, Height: TextHeight + panelHeight + PictureSheet.Margin);
        using var sheet = new PictureSheet(title, (captions.Count + Columns - 1) / Columns * cell.Height);
        for (var i = 0; i < captions.Count; i++)
        {
            var (left, top) = (PictureSheet.Margin + i % Columns * cell.Width, PictureSheet.TitleHeight + i / Columns * cell.Height);
            sheet.Write(captions[i], left, top, unit: 1.5f, 3 * Panel);
            var (original, map, overlay) = Panels(pictures[i], maps[i]);
            sheet.Draw(original, left, top + TextHeight, Panel, panelHeight);
            sheet.Draw(map, left + Panel + Gap, top + TextHeight, Panel, panelHeight);
            sheet.Draw(overlay, left + 2 * (Panel + Gap), top + TextHeight, Panel, panelHeight);
        }
        sheet.Save(path);
    }

    /// <summary>A picture, its map, and half of each.</summary>
    internal static (SKColor[,] Original, SKColor[,] Map, SKColor[,] Overlay) Panels(Tensor picture, Tensor map)
    {
        using var scope = NewDisposeScope();

        var (height, width) = ((int)map.shape[0], (int)map.shape[1]);
        var rgb = (picture.expand(3, height, width).clamp(0, 1) * 255).round().to(ScalarType.Byte).contiguous().cpu().data<byte>().ToArray();
        var values = map.to(ScalarType.Float64).contiguous().cpu().data<double>().ToArray();
        var (original, colors, overlay) = (new SKColor[height, width], new SKColor[height, width], new SKColor[height, width]);
        for (var (i, size) = (0, height * width); i < size; i++)
        {
            var (y, x) = (i / width, i % width);
            original[y, x] = new(rgb[i], rgb[size + i], rgb[2 * size + i]);
            colors[y, x] = ColorScale.Of(values[i]);
            overlay[y, x] = ColorScale.Mix(original[y, x], colors[y, x], 0.5);
        }
        return (original, colors, overlay);
    }
}
