using TorchSharp.Modules;

namespace MlComponents;

/// <summary>
/// The context path of <see cref="BiSeNetV1"/>: a ResNet-18, whose maps at 1/32 and 1/16 of the image's size are refined by attention, joined with the mean
/// over the image and brought to 1/8.
/// </summary>
internal sealed class ContextPath : nn.Module<Tensor, (Tensor Eighth, Tensor Sixteenth)>
{
    private readonly ResNetModule resnet;
    private readonly AttentionRefinement arm16;
    private readonly AttentionRefinement arm32;
    private readonly ConvNormRelu conv_head32;
    private readonly ConvNormRelu conv_head16;
    private readonly ConvNormRelu conv_avg;

    public ContextPath(long channels, NormalizationDefinition normalization) : base(nameof(ContextPath))
    {
        resnet = new ResNet { Depth = 18, Normalization = normalization }.CreateTrunk(channels);
        arm16 = new(resnet.Channels[2], normalization);
        arm32 = new(resnet.Channels[3], normalization);
        conv_head32 = new(AttentionRefinement.Channels, AttentionRefinement.Channels, kernel: 3, normalization);
        conv_head16 = new(AttentionRefinement.Channels, AttentionRefinement.Channels, kernel: 3, normalization);
        conv_avg = new(resnet.Channels[3], AttentionRefinement.Channels, kernel: 1, normalization);
        RegisterComponents();
        foreach (var part in new nn.Module[] { arm16, arm32, conv_head32, conv_head16, conv_avg })
            Initial.Kaiming(part, nn.init.FanInOut.FanIn, slope: 1);
    }

    public override (Tensor Eighth, Tensor Sixteenth) forward(Tensor x)
    {
        using var scope = NewDisposeScope();

        var features = resnet.Features(x);
        var (map16, map32) = (features[2], features[3]);                       // [N, 256, H/16, W/16], [N, 512, H/32, W/32]
        var mean = conv_avg.call(map32.mean([2, 3], keepdim: true));           // [N, 128, 1, 1]
        var context32 = arm32.call(map32) + mean;                              // [N, 128, H/32, W/32]
        var context16 = conv_head32.call(Resize.Nearest(context32, 2));        // [N, 128, H/16, W/16]
        var refined16 = arm16.call(map16) + context16;                         // [N, 128, H/16, W/16]
        var context8 = conv_head16.call(Resize.Nearest(refined16, 2));         // [N, 128, H/8, W/8]

        return scope.MoveToOuter(context8, context16);
    }
}

/// <summary>Attention refinement: <c>f·σ(norm(conv1x1(mean(f))))</c> with the mean over all positions of f = conv3x3(x), normalized and rectified.</summary>
internal sealed class AttentionRefinement : nn.Module<Tensor, Tensor>
{
    /// <summary>Channels that come out.</summary>
    public const long Channels = 128;

    private readonly ConvNormRelu conv;
    private readonly Conv2d conv_atten;
    private readonly nn.Module<Tensor, Tensor> bn_atten;

    public AttentionRefinement(long inputs, NormalizationDefinition normalization) : base(nameof(AttentionRefinement))
    {
        conv = new(inputs, Channels, kernel: 3, normalization);
        conv_atten = BlockParts.Convolution(Channels, Channels, kernel: 1, normalization);
        bn_atten = normalization.Create(Channels, dimensions: 2);
        RegisterComponents();
    }

    public override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();

        var f = conv.call(x);                                                  // [N, 128, H, W]
        var mean = f.mean([2, 3], keepdim: true);                              // [N, 128, 1, 1]
        var attention = bn_atten.call(conv_atten.call(mean)).sigmoid();        // [N, 128, 1, 1]

        return (f * attention).MoveToOuterDisposeScope();                      // [N, 128, H, W]
    }
}
