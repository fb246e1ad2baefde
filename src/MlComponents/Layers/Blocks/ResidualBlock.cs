using System.ComponentModel.DataAnnotations;
using TorchSharp.Modules;

namespace MlComponents;

/// <summary>A basic residual block: <c>y = relu(norm(conv(relu(norm(conv(x))))) + shortcut(x))</c> with two 3x3 convolutions.</summary>
/// <remarks>
/// After He et al. (arXiv 1512.03385), figure 5 left. From [N, C, H, W] to [N, Channels, ⌈H/Stride⌉, ⌈W/Stride⌉]. The shortcut is x itself, or where
/// the shape changes a 1x1 convolution with normalization. The convolutions have biases where the normalization doesn't replace them.
/// State-dict keys, those of torchvision: <c>conv1</c>, <c>bn1</c>, <c>conv2</c>, <c>bn2</c>, <c>downsample.0</c>, <c>downsample.1</c>, whatever the normalization is.
/// </remarks>
public sealed record ResidualBlock : LayerDefinition
{
    /// <summary>Output channels. At least 1; default 64.</summary>
    [Range(1, int.MaxValue)]
    public int Channels { get; init; } = 64;

    /// <summary>Step of the first convolution in both directions, by which height and width shrink. 1 to 16; default 1.</summary>
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
    public override nn.Module<Tensor, Tensor> Create(long[] inputShape) => new ResidualBlockLayer(this, MapShape.Of(nameof(ResidualBlock), inputShape).Channels);

    /// <inheritdoc/>
    public override ModuleDescription Describe(long[] inputShape)
    {
        var input = MapShape.Of(nameof(ResidualBlock), inputShape);
        var output = input.Convolved(Channels, kernel: 3, Stride, padding: 1);
        return BlockParts.Describe(this, input, output,
            BlockParts.Count(input.Channels, output, kernel: 3, Normalization),
            BlockParts.Count(Channels, output, kernel: 3, Normalization),
            BlockParts.HasShortcut(input.Channels, Channels, Stride) ? BlockParts.Count(input.Channels, output, kernel: 1, Normalization) : PartCount.None);
    }
}

/// <summary>The live <see cref="ResidualBlock"/>.</summary>
internal sealed class ResidualBlockLayer : nn.Module<Tensor, Tensor>
{
    private readonly Conv2d conv1;
    private readonly nn.Module<Tensor, Tensor> bn1;
    private readonly Conv2d conv2;
    private readonly nn.Module<Tensor, Tensor> bn2;
    private readonly Sequential? downsample;

    public ResidualBlockLayer(ResidualBlock options, long inputs) : base(nameof(ResidualBlockLayer))
    {
        var (channels, normalization) = (options.Channels, options.Normalization);
        downsample = BlockParts.Shortcut(inputs, channels, options.Stride, normalization);
        conv1 = BlockParts.Convolution(inputs, channels, kernel: 3, normalization, options.Stride);
        bn1 = normalization.Create(channels, dimensions: 2);
        conv2 = BlockParts.Convolution(channels, channels, kernel: 3, normalization);
        bn2 = normalization.Create(channels, dimensions: 2);
        if (options.ZeroInit)
            Initial.ZeroScale(bn2);
        RegisterComponents();
    }

    public override Tensor forward(Tensor x)
    {
        LayerShapes.CheckMaps(nameof(ResidualBlock), x, conv1.in_channels);
        using var scope = NewDisposeScope();

        var hidden = nn.functional.relu(bn1.call(conv1.call(x)));         // [N, Channels, H', W']
        var residual = bn2.call(conv2.call(hidden));                      // [N, Channels, H', W']
        var shortcut = downsample is null ? x : downsample.call(x);       // [N, Channels, H', W']

        return (residual + shortcut).relu_().MoveToOuterDisposeScope();   // [N, Channels, H', W']
    }
}
