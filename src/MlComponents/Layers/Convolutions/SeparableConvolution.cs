using System.ComponentModel.DataAnnotations;

namespace MlComponents;

/// <summary>
/// A depthwise separable convolution: each channel by itself, then the channels of each position, each step with normalization and activation:
/// <c>[C, ...]</c> to <c>[Channels, ...]</c>, with <c>C·∏KernelSize + C·Channels</c> weights.
/// </summary>
/// <remarks>
/// After Chollet (arXiv 1610.02357) and Howard et al. (arXiv 1704.04861), who put batch normalization and ReLU after both steps. State-dict keys: those of the two
/// convolutions after <c>depthwise.</c> and <c>pointwise.</c>, e.g. <c>depthwise.conv.weight</c>. An explicit bias is for both steps.
/// </remarks>
public sealed record SeparableConvolution : PaddedConvolutionDefinition
{
    /// <summary>Output channels. At least 1; default 64.</summary>
    [Range(1, int.MaxValue)]
    public int Channels { get; init; } = 64;

    /// <summary>What follows the depthwise step. Default: <see cref="NoNormalization"/>.</summary>
    public NormalizationDefinition DepthwiseNormalization { get; init; } = new NoNormalization();

    /// <summary>Nonlinearity after the depthwise step. Null, the default: none.</summary>
    [EnumDataType(typeof(Activation))]
    public Activation? DepthwiseActivation { get; init; }

    /// <inheritdoc/>
    public override nn.Module<Tensor, Tensor> Create(long[] inputShape)
    {
        var depthwise = Plan(inputShape);
        return new SeparableConvolutionLayer(depthwise, Pointwise(depthwise));
    }

    /// <inheritdoc/>
    public override ModuleDescription Describe(long[] inputShape)
    {
        var depthwise = Plan(inputShape);
        var (first, second) = (depthwise.Describe(), Pointwise(depthwise).Describe());
        return second with
        {
            InputShape = first.InputShape, Parameters = first.Parameters + second.Parameters, Buffers = first.Buffers + second.Buffers,
            MultiplyAdds = first.MultiplyAdds + second.MultiplyAdds,
        };
    }

    /// <summary>The first step.</summary>
    private protected override ConvolutionPlan PlanFor(long[] inputShape) =>
        new SlidingPlan(this, inputShape, channels: inputShape[0], groups: inputShape[0], Windows(inputShape), DepthwiseNormalization, DepthwiseActivation);

    private SlidingPlan Pointwise(ConvolutionPlan depthwise) => new(this, depthwise.OutputShape, Channels, groups: 1,
        depthwise.OutputShape[1..].Select(_ => SlidingWindow.OfOne(stride: 1)).ToArray(), Normalization, Activation);
}

/// <summary>The live <see cref="SeparableConvolution"/>: [N, C, ...] to [N, Channels, ...].</summary>
internal sealed class SeparableConvolutionLayer : nn.Module<Tensor, Tensor>
{
    private readonly ConvolutionLayer depthwise;
    private readonly ConvolutionLayer pointwise;

    public SeparableConvolutionLayer(ConvolutionPlan depthwise, ConvolutionPlan pointwise) : base(nameof(SeparableConvolutionLayer))
    {
        this.depthwise = new(depthwise);
        this.pointwise = new(pointwise);
        RegisterComponents();
    }

    public override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();

        var y = depthwise.call(x);                                // [N, C, ...]

        return pointwise.call(y).MoveToOuterDisposeScope();       // [N, Channels, ...]
    }
}
