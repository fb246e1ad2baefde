namespace MlComponents;

/// <summary>Instance normalization without weights: all positions of each channel of a row together have mean 0 and variance 1.</summary>
/// <remarks>After Ulyanov, Vedaldi and Lempitsky (arXiv 1607.08022). One input with the channels first: [C, L], [C, H, W] and so on.</remarks>
public sealed record InstanceNormalize : NormalizeOperation
{
    private protected override long GroupCount(IReadOnlyList<long> shape) => shape.Count >= 2
        ? shape[0]
        : throw new ArgumentException(
            $"InstanceNormalize takes rows of channels and positions, such as [C, L] or [C, H, W], but these have {Shown.Shape(shape)}.");
}
