using System.ComponentModel.DataAnnotations;

namespace MlComponents;

/// <summary>
/// A transposed convolution, which enlarges maps, then normalization and activation: <c>[C, ...]</c> to <c>[Channels, ...]</c>, with
/// <c>C·Channels/Groups·∏KernelSize</c> weights.
/// </summary>
/// <remarks>
/// Of <c>size</c> positions <c>(size − 1)·Stride − 2·Padding + Dilation·(KernelSize − 1) + OutputPadding + 1</c> come out (Dumoulin and Visin, arXiv 1603.07285,
/// chapter 4). The defaults double the size without overlap.
/// </remarks>
public sealed record TransposedConvolution : ConvolutionDefinition, IValidatableObject
{
    /// <summary>Output channels. At least 1; default 64.</summary>
    [Range(1, int.MaxValue)]
    public int Channels { get; init; } = 64;

    /// <summary>Size of the kernel, each at least 1. Default: 2 in all dimensions.</summary>
    [Length(1, 3)]
    [ElementRange(1, int.MaxValue)]
    public IReadOnlyList<int> KernelSize { get; init; } = [2];

    /// <summary>Output positions from one input position to the next, each at least 1. Default: 2.</summary>
    [Length(1, 3)]
    [ElementRange(1, int.MaxValue)]
    public IReadOnlyList<int> Stride { get; init; } = [2];

    /// <summary>Output positions between the elements of the kernel, each at least 1. Default: 1, no gaps.</summary>
    [Length(1, 3)]
    [ElementRange(1, int.MaxValue)]
    public IReadOnlyList<int> Dilation { get; init; } = [1];

    /// <summary>Output positions left out at either end, each at least 0. Default: 0.</summary>
    [Length(1, 3)]
    [ElementRange(0, int.MaxValue)]
    public IReadOnlyList<int> Padding { get; init; } = [0];

    /// <summary>Output positions added at the end, each at least 0 and below stride or dilation. Default: 0.</summary>
    [Length(1, 3)]
    [ElementRange(0, int.MaxValue)]
    public IReadOnlyList<int> OutputPadding { get; init; } = [0];

    /// <summary>Groups of channels that don't see each other; input and output channels must divide into them. At least 1; default 1.</summary>
    [Range(1, int.MaxValue)]
    public int Groups { get; init; } = 1;

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) => CheckGroups(Groups, Channels);

    private protected override ConvolutionPlan PlanFor(long[] inputShape)
    {
        var (kernel, stride) = (PerDimension(nameof(KernelSize), KernelSize, inputShape), PerDimension(nameof(Stride), Stride, inputShape));
        var (dilation, padding) = (PerDimension(nameof(Dilation), Dilation, inputShape), PerDimension(nameof(Padding), Padding, inputShape));
        var end = PerDimension(nameof(OutputPadding), OutputPadding, inputShape);
        for (var d = 0; d < end.Count; d++)
            if (end[d] >= Math.Max(stride[d], dilation[d]))
                throw new ArgumentException(
                    $"TransposedConvolution.OutputPadding is {end[d]}, but it must be below the larger of stride and dilation, {Math.Max(stride[d], dilation[d])}.");
        return new SpreadingPlan(this, inputShape, Channels, Groups, kernel.Select((size, d) => new SpreadingWindow(size, stride[d], dilation[d], padding[d], end[d])).ToArray(),
            Normalization, Activation);
    }
}
