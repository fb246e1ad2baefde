using TorchSharp.Modules;

namespace MlComponents;

/// <summary>
/// The bilateral segmentation network: a shallow spatial path keeps the detail, a ResNet-18 with attention finds the context, a fusion module joins both
/// at 1/8 of the image's size. It gives a score for each class and pixel.
/// </summary>
/// <remarks>
/// <para>
/// After Yu et al. (arXiv 1808.00897) in the form of CoinCheung's implementation, whose state-dict names it has (<c>cp</c>, <c>sp</c>, <c>ffm</c>,
/// <c>conv_out</c>, <c>conv_out16</c>, <c>conv_out32</c>; inside <c>cp.resnet</c> torchvision's), so that its weights fit. It differs from the paper where that
/// one does: the attention in the fusion is one 1x1 convolution instead of two.
/// </para>
/// <para>
/// From images [N, C, H, W] to logits [N, Outputs, H, W]. Height and width are multiples of 32. The auxiliary heads look at the context at 1/8 and at
/// 1/16; their order in <see cref="IAuxiliaryHeads.Heads"/> is: main, 1/8, 1/16. Channel means are normalized as maps of 1x1, so that batch normalization
/// needs two images at least in train mode. With 19 classes it has 13,425,721 parameters, of which the auxiliary heads have 150,182.
/// </para>
/// <para>Convolutions start from Kaiming's normal distribution of the variance 1/fan-in, those of the ResNet as in <see cref="ResNet"/>.</para>
/// </remarks>
public sealed record BiSeNetV1 : NetworkDefinition
{
    /// <summary>Whether there are auxiliary heads, which are trained and left out of predictions. Default: true; without them the network learns less.</summary>
    public bool AuxiliaryHeads { get; init; } = true;

    /// <summary>What follows each convolution; any kind but one that needs several positions, because there are maps of 1x1. Default: batch normalization.</summary>
    public NormalizationDefinition Normalization { get; init; } = new BatchNorm();

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The images aren't [C, H, W] with H and W multiples of 32.</exception>
    public override nn.Module Create(NetworkContext context) =>
        new BiSeNetV1Module(this, BiSeNetInput.Channels(this, context), context.Outputs);
}

/// <summary>The live <see cref="BiSeNetV1"/>.</summary>
internal sealed class BiSeNetV1Module : nn.Module<Tensor, Tensor>, IAuxiliaryHeads
{
    private readonly ContextPath cp;
    private readonly SpatialPath sp;
    private readonly FeatureFusion ffm;
    private readonly BiSeNetV1Head conv_out;
    private readonly BiSeNetV1Head? conv_out16;
    private readonly BiSeNetV1Head? conv_out32;
    private readonly long channels;

    public BiSeNetV1Module(BiSeNetV1 options, long channels, long outputs) : base(nameof(BiSeNetV1Module))
    {
        this.channels = channels;
        var normalization = options.Normalization;
        cp = new(channels, normalization);
        sp = new(channels, normalization);
        ffm = new(normalization);
        conv_out = new(256, hidden: 256, outputs, factor: 8, normalization);
        if (options.AuxiliaryHeads)
        {
            conv_out16 = new(128, hidden: 64, outputs, factor: 8, normalization);
            conv_out32 = new(128, hidden: 64, outputs, factor: 16, normalization);
        }
        RegisterComponents();
    }

    public override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();

        var (context, _) = Context(x);

        return Main(x, context).MoveToOuterDisposeScope();              // [N, Outputs, H, W]
    }

    public IReadOnlyList<Tensor> Heads(Tensor x)
    {
        using var scope = NewDisposeScope();

        var (context8, context16) = Context(x);
        List<Tensor> heads = [Main(x, context8)];                       // [N, Outputs, H, W] each
        if (conv_out16 is not null && conv_out32 is not null)
            heads.AddRange([conv_out16.call(context8), conv_out32.call(context16)]);

        scope.MoveToOuter(heads);
        return heads;
    }

    private (Tensor Eighth, Tensor Sixteenth) Context(Tensor x)
    {
        BiSeNetInput.Check(nameof(BiSeNetV1), x, channels);
        return cp.call(x);                                              // [N, 128, H/8, W/8], [N, 128, H/16, W/16]
    }

    private Tensor Main(Tensor x, Tensor context) => conv_out.call(ffm.call(sp.call(x), context));
}

/// <summary>A head: a hidden layer, a score for each class, and bilinear interpolation to the image's size.</summary>
internal sealed class BiSeNetV1Head : nn.Module<Tensor, Tensor>
{
    private readonly ConvNormRelu conv;
    private readonly Conv2d conv_out;
    private readonly int factor;

    public BiSeNetV1Head(long inputs, long hidden, long outputs, int factor, NormalizationDefinition normalization) : base(nameof(BiSeNetV1Head))
    {
        this.factor = factor;
        conv = new(inputs, hidden, kernel: 3, normalization);
        conv_out = nn.Conv2d(hidden, outputs, kernel_size: 1);
        RegisterComponents();
        Initial.Kaiming(this, nn.init.FanInOut.FanIn, slope: 1);
    }

    public override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();

        var scores = conv_out.call(conv.call(x));                       // [N, outputs, H/factor, W/factor]

        return Resize.Bilinear(scores, factor).MoveToOuterDisposeScope();   // [N, outputs, H, W]
    }
}
