using System.ComponentModel.DataAnnotations;
using TorchSharp.Modules;

namespace MlComponents;

/// <summary>
/// An inverted residual block: a 1x1 convolution to more channels, a depthwise convolution there, optional attention, a 1x1 convolution to the output
/// channels. Where nothing changes the shape, the input is added.
/// </summary>
/// <remarks>
/// After Sandler et al. (arXiv 1801.04381), with the attention of Howard et al. (arXiv 1905.02244). From [N, C, H, W] to [N, Channels, ⌈H/Stride⌉, ⌈W/Stride⌉].
/// Each convolution is normalized, and all but the last are followed by the activation; they have biases where the normalization doesn't replace them. The first one is
/// left out where Expanded is the number of input channels. State-dict keys, those of torchvision: <c>block.0.0</c> (convolution), <c>block.0.1</c>
/// (normalization), <c>block.1.0</c> and so on; with attention the third part of the block is its.
/// </remarks>
public sealed record InvertedResidual : LayerDefinition, IValidatableObject
{
    /// <summary>Output channels. At least 1; default 32.</summary>
    [Range(1, int.MaxValue)]
    public int Channels { get; init; } = 32;

    /// <summary>Channels of the depthwise convolution. At least 1; default 128.</summary>
    [Range(1, int.MaxValue)]
    public int Expanded { get; init; } = 128;

    /// <summary>Height and width of the depthwise kernel, odd. 1 to 31; default 3.</summary>
    [Range(1, 31)]
    public int KernelSize { get; init; } = 3;

    /// <summary>Step of the depthwise convolution in both directions, by which height and width shrink. 1 to 16; default 1.</summary>
    [Range(1, 16)]
    public int Stride { get; init; } = 1;

    /// <summary>A layer that keeps the shape, after the depthwise convolution, e.g. <see cref="SqueezeExcitation"/>. Null, the default: none.</summary>
    public LayerDefinition? Attention { get; init; }

    /// <summary>What follows each convolution. Default: batch normalization.</summary>
    public NormalizationDefinition Normalization { get; init; } = new BatchNorm();

    /// <summary>Nonlinearity after all convolutions but the last. Default: ReLU.</summary>
    [EnumDataType(typeof(Activation))]
    public Activation Activation { get; init; } = Activation.Relu;

    /// <inheritdoc/>
    public override nn.Module<Tensor, Tensor> Create(long[] inputShape)
    {
        var input = MapShape.Of(nameof(InvertedResidual), inputShape);
        DescribeAttention(input);
        return new InvertedResidualLayer(this, input.Channels, Hidden(input));
    }

    /// <inheritdoc/>
    public override ModuleDescription Describe(long[] inputShape)
    {
        var input = MapShape.Of(nameof(InvertedResidual), inputShape);
        return BlockParts.Describe(this, input, OutputShape(input),
            Expanded == input.Channels ? PartCount.None : BlockParts.Count(input.Channels, input with { Channels = Expanded }, kernel: 1, Normalization),
            BlockParts.Count(Expanded, Hidden(input), KernelSize, Normalization, groups: Expanded),
            DescribeAttention(input) is { } attention ? new(attention.Parameters, attention.Buffers, attention.MultiplyAdds) : PartCount.None,
            BlockParts.Count(Expanded, OutputShape(input), kernel: 1, Normalization));
    }

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) =>
        KernelSize % 2 == 1 ? [] : [new($"KernelSize is {KernelSize}; allowed are odd numbers, so that padding can keep the size.")];

    /// <summary>What the block makes of maps of a shape.</summary>
    internal MapShape OutputShape(MapShape input) => Hidden(input) with { Channels = Channels };

    /// <summary>Shape of the maps between depthwise convolution and output.</summary>
    private MapShape Hidden(MapShape input) => input.Convolved(Expanded, KernelSize, Stride, padding: KernelSize / 2);

    private ModuleDescription? DescribeAttention(MapShape input)
    {
        if (Attention is null)
            return null;
        var description = Attention.Describe(Hidden(input).ToArray());
        return description.OutputShape.SequenceEqual(description.InputShape) ? description : throw new ArgumentException(
            $"InvertedResidual's Attention must keep the shape, but {Attention.GetType().Name} makes {Shown.Shape(description.OutputShape)} "
            + $"of {Shown.Shape(description.InputShape)}: use a layer such as SqueezeExcitation.");
    }
}

/// <summary>The live <see cref="InvertedResidual"/>.</summary>
internal sealed class InvertedResidualLayer : nn.Module<Tensor, Tensor>
{
    private readonly Sequential block;
    private readonly bool addsInput;
    private readonly long inputs;

    /// <param name="options">What to build.</param>
    /// <param name="inputs">Input channels.</param>
    /// <param name="hidden">Shape of the maps that the attention sees.</param>
    public InvertedResidualLayer(InvertedResidual options, long inputs, MapShape hidden) : base(nameof(InvertedResidualLayer))
    {
        this.inputs = inputs;
        var (expanded, normalization) = (options.Expanded, options.Normalization);
        var parts = new List<nn.Module<Tensor, Tensor>>();
        if (expanded != inputs)
            parts.Add(BlockParts.NormalizedConvolution(inputs, expanded, kernel: 1, normalization, options.Activation));
        parts.Add(BlockParts.NormalizedConvolution(expanded, expanded, options.KernelSize, normalization, options.Activation, options.Stride, groups: expanded));
        if (options.Attention is not null)
            parts.Add(options.Attention.Create(hidden.ToArray()));
        parts.Add(BlockParts.NormalizedConvolution(expanded, options.Channels, kernel: 1, normalization, activation: null));

        block = nn.Sequential(parts);
        addsInput = !BlockParts.HasShortcut(inputs, options.Channels, options.Stride);
        RegisterComponents();
    }

    public override Tensor forward(Tensor x)
    {
        LayerShapes.CheckMaps(nameof(InvertedResidual), x, inputs);
        using var scope = NewDisposeScope();

        var y = block.call(x);                                     // [N, Channels, H', W']

        return (addsInput ? x + y : y).MoveToOuterDisposeScope();  // [N, Channels, H', W']
    }
}
