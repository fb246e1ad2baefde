namespace MlComponents.Tests.Layers;

/// <summary>A layer and the shape of an example that it takes, small enough for finite differences.</summary>
public sealed record LayerExample(LayerDefinition Definition, params long[] Shape)
{
    public override string ToString() => $"{ComponentJson.Write(Definition)} of [{string.Join(", ", Shape)}]";

    /// <summary>The layer with random weights, so that no scale is 1 and no shift 0, and a batch for it.</summary>
    public (nn.Module<Tensor, Tensor> Layer, Tensor X) Create(int rows, ScalarType dtype = ScalarType.Float64)
    {
        manual_seed(3);
        var layer = Definition.Create(Shape);
        layer.to(dtype);
        using (no_grad())
            foreach (var parameter in layer.parameters())
                parameter.add_(0.3 * randn_like(parameter));
        return (layer, randn([rows, .. Shape], dtype));
    }
}

/// <summary>At least one example of every built-in layer; a new layer is one more line.</summary>
internal static class LayerExamples
{
    public static IReadOnlyList<LayerExample> All =>
    [
        // normalization
        new(new BatchNorm(), 4), new(new BatchNorm(), 3, 2), new(new BatchNorm { Affine = false }, 2, 3, 2), new(new BatchNorm { Epsilon = 0.1 }, 2, 1, 2, 2),
        new(new FrozenBatchNorm(), 4), new(new FrozenBatchNorm(), 3, 2, 2),
        new(new LayerNorm(), 4), new(new LayerNorm(), 3, 2, 2), new(new LayerNorm { Affine = false }, 3, 2),
        new(new InstanceNorm(), 3, 2), new(new InstanceNorm { Affine = true }, 2, 3, 2), new(new InstanceNorm { TrackRunningStatistics = true }, 2, 1, 2, 2),
        new(new GroupNorm { Groups = 2 }, 4), new(new GroupNorm { Groups = 1 }, 3, 2), new(new GroupNorm { Groups = 2, Affine = false }, 4, 2, 2),
        new(new RmsNorm(), 4), new(new RmsNorm(), 3, 2, 2), new(new RmsNorm { Affine = false }, 3, 2),
        new(new LocalResponseNorm { Alpha = 0.5 }, 6), new(new LocalResponseNorm { Alpha = 0.5, Size = 2 }, 4, 2, 2),
        new(new NoNormalization(), 4), new(new NoNormalization(), 3, 2, 2),
        // convolutions
        new(new Convolution { Channels = 2 }, 2, 4), new(new Convolution { Channels = 4, Groups = 2, Normalization = new BatchNorm(), Activation = Activation.Silu }, 2, 3, 3),
        new(new Convolution { Channels = 2, KernelSize = [2], Stride = [2], PaddingMode = PaddingMode.Circular }, 2, 3, 2),
        new(new Convolution { Channels = 2, KernelSize = [1, 2, 2], Dilation = [2] }, 1, 2, 2, 3),
        new(new DepthwiseConvolution { Multiplier = 2, Normalization = new GroupNorm { Groups = 2 } }, 2, 2, 3), new(new DepthwiseConvolution(), 2, 3),
        new(new PointwiseConvolution { Channels = 3, Stride = [2], Activation = Activation.Tanh }, 2, 3, 3), new(new PointwiseConvolution { Channels = 2 }, 2, 2, 1, 2),
        new(new SeparableConvolution { Channels = 3 }, 2, 3),
        new(new SeparableConvolution { Channels = 3, DepthwiseNormalization = new LayerNorm(), DepthwiseActivation = Activation.Gelu, Normalization = new BatchNorm() }, 2, 2, 3),
        new(new TransposedConvolution { Channels = 2 }, 2, 3), new(new TransposedConvolution { Channels = 2, KernelSize = [3], Padding = [1], OutputPadding = [1] }, 2, 2, 2),
        new(new TransposedConvolution { Channels = 2, Stride = [1, 2, 1], Normalization = new InstanceNorm { Affine = true } }, 1, 1, 2, 2),
        // attention and blocks
        new(new MultiHeadAttention { Heads = 2 }, 3, 4), new(new MultiHeadAttention { Heads = 1, Bias = false }, 2, 3),
        new(new TransformerEncoderBlock { Heads = 2, Hidden = 5 }, 3, 4), new(new TransformerEncoderBlock { Heads = 1, NormalizationFirst = false, Gated = true }, 2, 3),
        new(new ResidualBlock { Channels = 2 }, 2, 3, 2), new(new ResidualBlock { Channels = 3, Stride = 2, Normalization = new NoNormalization() }, 2, 4, 3),
        new(new ResidualBlock { Channels = 2, ZeroInit = true, Normalization = new GroupNorm { Groups = 1 } }, 1, 2, 3),
        new(new BottleneckBlock { Width = 1 }, 4, 3, 2), new(new BottleneckBlock { Width = 2, Stride = 3, Normalization = new NoNormalization() }, 3, 5, 3),
        new(new Cbam { Reduction = 2, KernelSize = 3 }, 4, 3, 2), new(Cbam.OfTmo with { SpatialChannels = 2 }, 2, 2, 3),
        new(new SqueezeExcitation { Reduction = 2 }, 4, 3, 2), new(new SqueezeExcitation { Reduction = 8, Multiple = 3, Activation = Activation.Silu }, 4, 2, 2),
        new(new InvertedResidual { Channels = 2, Expanded = 3 }, 2, 3, 2), new(new InvertedResidual { Channels = 3, Expanded = 2, KernelSize = 5, Stride = 2 }, 2, 4, 3),
        new(new InvertedResidual { Channels = 2, Expanded = 4, Attention = new SqueezeExcitation { Reduction = 2 }, Normalization = new NoNormalization() }, 2, 3, 2),
    ];
}
