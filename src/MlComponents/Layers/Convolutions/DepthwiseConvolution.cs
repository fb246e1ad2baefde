using System.ComponentModel.DataAnnotations;

namespace MlComponents;

/// <summary>
/// A convolution of each channel by itself, then normalization and activation: <c>[C, ...]</c> to <c>[C·Multiplier, ...]</c>, with
/// <c>C·Multiplier·∏KernelSize</c> weights. It is a <see cref="Convolution"/> of as many groups as channels.
/// </summary>
public sealed record DepthwiseConvolution : PaddedConvolutionDefinition
{
    /// <summary>Output channels per input channel. At least 1; default 1.</summary>
    [Range(1, int.MaxValue)]
    public int Multiplier { get; init; } = 1;

    private protected override ConvolutionPlan PlanFor(long[] inputShape) =>
        new SlidingPlan(this, inputShape, channels: inputShape[0] * Multiplier, groups: inputShape[0], Windows(inputShape), Normalization, Activation);
}
