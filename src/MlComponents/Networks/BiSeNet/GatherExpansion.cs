using TorchSharp.Modules;

namespace MlComponents;

/// <summary>
/// A gather-and-expansion layer of <see cref="BiSeNetV2"/> that keeps the shape: a 3x3 convolution, a depthwise one to six times the channels, a 1x1
/// convolution back; then <c>relu(main + x)</c>.
/// </summary>
internal sealed class GatherExpansion : nn.Module<Tensor, Tensor>
{
    /// <summary>Channels of the depthwise convolution for each that comes in.</summary>
    public const int Expansion = 6;

    private readonly ConvNormRelu conv1;
    private readonly Sequential dwconv;
    private readonly Sequential conv2;

    public GatherExpansion(long channels, NormalizationDefinition normalization) : base(nameof(GatherExpansion))
    {
        conv1 = new(channels, channels, kernel: 3, normalization);
        dwconv = BlockParts.NormalizedConvolution(channels, Expansion * channels, kernel: 3, normalization, Activation.Relu, groups: channels);
        conv2 = Projection(channels, channels, normalization);
        RegisterComponents();
    }

    public override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();

        var main = conv2.call(dwconv.call(conv1.call(x)));        // [N, C, H, W]

        return (main + x).relu_().MoveToOuterDisposeScope();      // [N, C, H, W]
    }

    /// <summary>The 1x1 convolution that closes the main path, with a normalization whose scale starts at 0.</summary>
    public static Sequential Projection(long inputs, long outputs, NormalizationDefinition normalization)
    {
        var projection = BlockParts.NormalizedConvolution(Expansion * inputs, outputs, kernel: 1, normalization, activation: null);
        Initial.ZeroScale(projection.children().Last());
        return projection;
    }
}

/// <summary>
/// A gather-and-expansion layer that halves the size: the expanding depthwise convolution is strided and a second depthwise one follows; the shortcut is a
/// strided depthwise and a 1x1 convolution. Then <c>relu(main + shortcut)</c>.
/// </summary>
internal sealed class StridedGatherExpansion : nn.Module<Tensor, Tensor>
{
    private readonly ConvNormRelu conv1;
    private readonly Sequential dwconv1;
    private readonly Sequential dwconv2;
    private readonly Sequential conv2;
    private readonly Sequential shortcut;

    public StridedGatherExpansion(long inputs, long outputs, NormalizationDefinition normalization) : base(nameof(StridedGatherExpansion))
    {
        var expanded = GatherExpansion.Expansion * inputs;
        conv1 = new(inputs, inputs, kernel: 3, normalization);
        dwconv1 = BlockParts.NormalizedConvolution(inputs, expanded, kernel: 3, normalization, activation: null, stride: 2, groups: inputs);
        dwconv2 = BlockParts.NormalizedConvolution(expanded, expanded, kernel: 3, normalization, Activation.Relu, groups: expanded);
        conv2 = GatherExpansion.Projection(inputs, outputs, normalization);
        shortcut = nn.Sequential(
            ("0", BlockParts.Convolution(inputs, inputs, kernel: 3, normalization, stride: 2, groups: inputs)),
            ("1", normalization.Create(inputs, dimensions: 2)),
            ("2", BlockParts.Convolution(inputs, outputs, kernel: 1, normalization)),
            ("3", normalization.Create(outputs, dimensions: 2)));
        RegisterComponents();
    }

    public override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();

        var expanded = dwconv1.call(conv1.call(x));                              // [N, 6·inputs, H/2, W/2]
        var main = conv2.call(dwconv2.call(expanded));                           // [N, outputs, H/2, W/2]

        return (main + shortcut.call(x)).relu_().MoveToOuterDisposeScope();      // [N, outputs, H/2, W/2]
    }
}
