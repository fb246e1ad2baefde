namespace MlComponents;

/// <summary>Changes height and width of maps [N, C, H, W], as PyTorch does with <c>align_corners=False</c> and without antialiasing.</summary>
internal static class Resize
{
    /// <summary>Repeats every value <paramref name="factor"/> times in both directions.</summary>
    public static Tensor Nearest(Tensor x, long factor) => By(x, factor, InterpolationMode.Nearest);

    /// <summary>Interpolates linearly to <paramref name="factor"/> times the size.</summary>
    public static Tensor Bilinear(Tensor x, long factor) => By(x, factor, InterpolationMode.Bilinear);

    /// <summary>Interpolates by Keys' cubic convolution with a = −0.75 to <paramref name="factor"/> times the size.</summary>
    public static Tensor Bicubic(Tensor x, long factor) => By(x, factor, InterpolationMode.Bicubic);

    /// <summary>Interpolates by Keys' cubic convolution with a = −0.75 to a size.</summary>
    public static Tensor Bicubic(Tensor x, long height, long width) => To(x, height, width, InterpolationMode.Bicubic);

    /// <summary>Interpolates to a size; always another tensor, in which values of the same size are the same.</summary>
    public static Tensor To(Tensor x, long height, long width, InterpolationMode mode) => x.shape[2] == height && x.shape[3] == width
        ? x.alias()
        : nn.functional.interpolate(x, size: [height, width], mode: mode, align_corners: mode == InterpolationMode.Nearest ? null : false);

    private static Tensor By(Tensor x, long factor, InterpolationMode mode) => To(x, x.shape[2] * factor, x.shape[3] * factor, mode);
}
