using System.ComponentModel.DataAnnotations;

namespace MlComponents;

/// <summary>
/// A convolution, optionally grouped or dilated, then normalization and activation: <c>[C, ...]</c> to <c>[Channels, ...]</c>, with
/// <c>C·Channels/Groups·∏KernelSize</c> weights.
/// </summary>
/// <example><c>new Convolution { Channels = 64, Stride = [2], Normalization = new BatchNorm(), Activation = Activation.Relu }</c></example>
public sealed record Convolution : PaddedConvolutionDefinition, IValidatableObject
{
    /// <summary>Output channels. At least 1; default 64.</summary>
    [Range(1, int.MaxValue)]
    public int Channels { get; init; } = 64;

    /// <summary>
    /// Groups of channels that don't see each other (Xie et al., arXiv 1611.05431); input and output channels must divide into them. At least 1; default 1.
    /// </summary>
    [Range(1, int.MaxValue)]
    public int Groups { get; init; } = 1;

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) => CheckGroups(Groups, Channels);

    private protected override ConvolutionPlan PlanFor(long[] inputShape) =>
        new SlidingPlan(this, inputShape, Channels, Groups, Windows(inputShape), Normalization, Activation);
}
