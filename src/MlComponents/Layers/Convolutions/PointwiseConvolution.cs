using System.ComponentModel.DataAnnotations;

namespace MlComponents;

/// <summary>
/// A convolution with a kernel of size 1, which mixes the channels of each position, then normalization and activation: <c>[C, ...]</c> to
/// <c>[Channels, ...]</c>, with <c>C·Channels/Groups</c> weights.
/// </summary>
public sealed record PointwiseConvolution : ConvolutionDefinition, IValidatableObject
{
    /// <summary>Output channels. At least 1; default 64.</summary>
    [Range(1, int.MaxValue)]
    public int Channels { get; init; } = 64;

    /// <summary>Steps between positions, each at least 1; <c>⌈size/Stride⌉</c> come out. Default: 1.</summary>
    [Length(1, 3)]
    [ElementRange(1, int.MaxValue)]
    public IReadOnlyList<int> Stride { get; init; } = [1];

    /// <summary>Groups of channels that don't see each other; input and output channels must divide into them. At least 1; default 1.</summary>
    [Range(1, int.MaxValue)]
    public int Groups { get; init; } = 1;

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) => CheckGroups(Groups, Channels);

    private protected override ConvolutionPlan PlanFor(long[] inputShape)
    {
        var windows = PerDimension(nameof(Stride), Stride, inputShape).Select(SlidingWindow.OfOne);
        return new SlidingPlan(this, inputShape, Channels, Groups, windows.ToArray(), Normalization, Activation);
    }
}
