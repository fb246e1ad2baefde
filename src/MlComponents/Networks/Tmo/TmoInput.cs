namespace MlComponents;

/// <summary>What both forms of <see cref="Tmo"/> make of their inputs.</summary>
internal static class TmoInput
{
    // ImageNet's, of RGB in 0 to 1.
    private static readonly float[] Mean = [0.485f, 0.456f, 0.406f];
    private static readonly float[] Deviation = [0.229f, 0.224f, 0.225f];

    /// <summary>Resizes an input and brings it to the scale that encoders are trained with.</summary>
    /// <param name="name">The input's name.</param>
    /// <param name="x">[N, 3, H, W] in 0 to 1.</param>
    /// <param name="size">Height and width of the result.</param>
    /// <exception cref="ArgumentException">It isn't [N, 3, H, W].</exception>
    public static Tensor Prepare(string name, Tensor x, int size)
    {
        if (x.dim() != 4 || x.shape[1] != 3)
            throw new ArgumentException($"Tmo's input '{name}' has the shape {Shown.Shape(x.shape)}, but needed is [N, 3, H, W].");
        using var scope = NewDisposeScope();

        var (mean, deviation) = (PerChannel(Mean), PerChannel(Deviation));   // [3, 1, 1]

        return ((Resize.Bicubic(x, size, size) - mean) / deviation).MoveToOuterDisposeScope();   // [N, 3, size, size]

        Tensor PerChannel(float[] values) => tensor(values, x.dtype, x.device).view(3, 1, 1);
    }
}
