using SkiaSharp;

namespace MlComponents.Reporting;

/// <summary>Features as a small picture.</summary>
internal static class FeaturePicture
{
    private const int LongestSide = 96;

    /// <summary>Whether a shape is that of a picture: [1, H, W] or [3, H, W].</summary>
    public static bool Fits(IReadOnlyList<long> shape) => shape is [1 or 3, _, _];

    /// <summary>A PNG with the smallest number black and the largest white; a large picture is made smaller by leaving out pixels.</summary>
    /// <param name="features">[1, H, W] or [3, H, W] on the CPU.</param>
    public static byte[] Png(Tensor features)
    {
        using var scope = NewDisposeScope();

        var (height, width) = ((int)features.shape[1], (int)features.shape[2]);
        var step = Math.Max(1, (Math.Max(height, width) + LongestSide - 1) / LongestSide);
        var finite = features.to(ScalarType.Float32).nan_to_num(0, 0, 0);                          // [1 | 3, H, W]
        var (low, high) = (finite.min().item<float>(), finite.max().item<float>());
        var levels = ((finite - low) * (255 / Math.Max(high - low, 1e-12f))).expand(3, height, width).contiguous().data<float>().ToArray();

        using var bitmap = new SKBitmap((width + step - 1) / step, (height + step - 1) / step);
        for (var y = 0; y < bitmap.Height; y++)
            for (var x = 0; x < bitmap.Width; x++)
                bitmap.SetPixel(x, y, new SKColor(Level(0, x, y), Level(1, x, y), Level(2, x, y)));
        using var png = bitmap.Encode(SKEncodedImageFormat.Png, quality: 100);
        return png.ToArray();

        byte Level(int channel, int x, int y) => (byte)Math.Clamp(levels[(channel * height + y * step) * width + x * step], 0, 255);
    }
}
