using System.ComponentModel.DataAnnotations;
using TorchSharp.Modules;

namespace MlComponents;

/// <summary>
/// A bottleneck residual block: a 1x1 convolution to <see cref="Width"/> channels, a 3x3 convolution there, a 1x1 convolution to four times as many, each
/// normalized and the first two rectified; then <c>y = relu(residual + shortcut(x))</c>.
/// </summary>
/// <remarks>
/// After He et al. (arXiv 1512.03385), figure 5 right, with the stride in the 3x3 convolution instead of the first 1x1, as torchvision and others have it
/// ("v1.5"). From [N, C, H, W] to [N, 4·Width, ⌈H/Stride⌉, ⌈W/Stride⌉]. The shortcut is x itself, or where the shape changes a 1x1 convolution with
/// normalization. The convolutions have biases where the normalization doesn't replace them. State-dict keys, those of torchvision: <c>conv1</c>, <c>bn1</c> to <c>conv3</c>,
/// <c>bn3</c>, <c>downsample.0</c>, <c>downsample.1</c>, whatever the normalization is.
/// </remarks>
public sealed record BottleneckBlock : LayerDefinition
{
    /// <summary>Output channels for each channel of the 3x3 convolution.</summary>
    internal const int Expansion = 4;

    /// <summary>Channels of the 3x3 convolution; four times as many come out. 1 to 65,536; default 64.</summary>
    [Range(1, 1 << 16)]
    public int Width { get; init; } = 64;

    /// <summary>Step of the 3x3 convolution in both directions, by which height and width shrink. 1 to 16; default 1.</summary>
    [Range(1, 16)]
    public int Stride { get; init; } = 1;

    /// <summary>What follows each convolution. Default: batch normalization.</summary>
    public NormalizationDefinition Normalization { get; init; } = new BatchNorm();

    /// <summary>
    /// Whether the scale of the last normalization starts at 0, so that the block starts as its shortcut; it changes nothing where the normalization
    /// has no scale. Default: false.
    /// </summary>
    public bool ZeroInit { get; init; }

    /// <inheritdoc/>
    public override nn.Module<Tensor, Tensor> Create(long[] inputShape) => new BottleneckBlockLayer(this, MapShape.Of(nameof(BottleneckBlock), inputShape).Channels);

    /// <inheritdoc/>
    public override ModuleDescription Describe(long[] inputShape)
    {
        var input = MapShape.Of(nameof(BottleneckBlock), inputShape);
        var outputs = Expansion * Width;
        var output = input.Convolved(outputs, kernel: 3, Stride, padding: 1);
        return BlockParts.Describe(this, input, output,
            BlockParts.Count(input.Channels, input with { Channels = Width }, kernel: 1, Normalization),
            BlockParts.Count(Width, output with { Channels = Width }, kernel: 3, Normalization),
            BlockParts.Count(Width, output, kernel: 1, Normalization),
            BlockParts.HasShortcut(input.Channels, outputs, Stride) ? BlockParts.Count(input.Channels, output, kernel: 1, Normalization) : PartCount.None);
    }
}

/// <summary>The live <see cref="BottleneckBlock"/>.</summary>
internal sealed class BottleneckBlockLayer : nn.Module<Tensor, Tensor>
{
    private readonly Conv2d conv1;
    private readonly nn.Module<Tensor, Tensor> bn1;
    private readonly Conv2d conv2;
    private readonly nn.Module<Tensor, Tensor> bn2;
    private readonly Conv2d conv3;
    private readonly nn.Module<Tensor, Tensor> bn3;
    private readonly Sequential? downsample;

    public BottleneckBlockLayer(BottleneckBlock options, long inputs) : base(nameof(BottleneckBlockLayer))
    {
        var (width, normalization) = (options.Width, options.Normalization);
        var outputs = BottleneckBlock.Expansion * width;
        downsample = BlockParts.Shortcut(inputs, outputs, options.Stride, normalization);
        conv1 = BlockParts.Convolution(inputs, width, kernel: 1, normalization);
        bn1 = normalization.Create(width, dimensions: 2);
        conv2 = BlockParts.Convolution(width, width, kernel: 3, normalization, options.Stride);
        bn2 = normalization.Create(width, dimensions: 2);
        conv3 = BlockParts.Convolution(width, outputs, kernel: 1, normalization);
        bn3 = normalization.Create(outputs, dimensions: 2);
        if (options.ZeroInit)
            Initial.ZeroScale(bn3);
        RegisterComponents();
    }

    public override Tensor forward(Tensor x)
    {
        LayerShapes.CheckMaps(nameof(BottleneckBlock), x, conv1.in_channels);
        using var scope = NewDisposeScope();

        var narrow = nn.functional.relu(bn1.call(conv1.call(x)));         // [N, Width, H, W]
        var hidden = nn.functional.relu(bn2.call(conv2.call(narrow)));    // [N, Width, H', W']
        var residual = bn3.call(conv3.call(hidden));                      // [N, 4·Width, H', W']
        var shortcut = downsample is null ? x : downsample.call(x);       // [N, 4·Width, H', W']

        return (residual + shortcut).relu_().MoveToOuterDisposeScope();   // [N, 4·Width, H', W']
    }
}
