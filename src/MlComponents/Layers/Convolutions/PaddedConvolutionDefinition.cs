using System.ComponentModel.DataAnnotations;

namespace MlComponents;

/// <summary>A convolution whose window slides over a padded input: the options of the window.</summary>
/// <remarks>
/// Along each dimension the window spans <c>e = Dilation·(KernelSize − 1) + 1</c>, and of <c>size</c> positions
/// <c>⌊(size + padding − e)/Stride⌋ + 1</c> come out (Dumoulin and Visin, arXiv 1603.07285).
/// </remarks>
public abstract record PaddedConvolutionDefinition : ConvolutionDefinition
{
    /// <summary>Size of the kernel, each at least 1. Default: 3 in all dimensions.</summary>
    [Length(1, 3)]
    [ElementRange(1, int.MaxValue)]
    public IReadOnlyList<int> KernelSize { get; init; } = [3];

    /// <summary>Steps between windows, each at least 1. Default: 1.</summary>
    [Length(1, 3)]
    [ElementRange(1, int.MaxValue)]
    public IReadOnlyList<int> Stride { get; init; } = [1];

    /// <summary>Steps between the elements of a window, each at least 1 (Yu and Koltun, arXiv 1511.07122). Default: 1, no gaps.</summary>
    [Length(1, 3)]
    [ElementRange(1, int.MaxValue)]
    public IReadOnlyList<int> Dilation { get; init; } = [1];

    /// <summary>
    /// Positions added at either end, each at least 0. Null, the default, is <c>same</c>: <c>e − 1</c> in all, so that <c>⌈size/Stride⌉</c> come out, the size
    /// itself at stride 1. Half of them are at the start; where <c>e − 1</c> is odd, as with an even kernel, the end has one more, as with PyTorch's
    /// <c>padding='same'</c>.
    /// </summary>
    [Length(1, 3)]
    [ElementRange(0, int.MaxValue)]
    public IReadOnlyList<int>? Padding { get; init; }

    /// <summary>What the added positions hold. Default: zeros.</summary>
    [EnumDataType(typeof(PaddingMode))]
    public PaddingMode PaddingMode { get; init; } = PaddingMode.Zeros;

    /// <summary>The window along each dimension after the channels.</summary>
    private protected IReadOnlyList<SlidingWindow> Windows(long[] inputShape)
    {
        var (kernel, stride) = (PerDimension(nameof(KernelSize), KernelSize, inputShape), PerDimension(nameof(Stride), Stride, inputShape));
        var dilation = PerDimension(nameof(Dilation), Dilation, inputShape);
        var padding = Padding is null ? null : PerDimension(nameof(Padding), Padding, inputShape);
        return [.. kernel.Select((size, d) =>
        {
            var same = dilation[d] * (size - 1);
            return new SlidingWindow(size, stride[d], dilation[d], padding?[d] ?? same / 2, padding?[d] ?? same - same / 2, PaddingMode);
        })];
    }
}
