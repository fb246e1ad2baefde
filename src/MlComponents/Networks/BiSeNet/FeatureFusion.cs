using TorchSharp.Modules;

namespace MlComponents;

/// <summary>Joins the two paths of <see cref="BiSeNetV1"/>: <c>f + f·σ(norm(conv1x1(mean(f))))</c> with f = conv1x1 of both, normalized and rectified.</summary>
internal sealed class FeatureFusion : nn.Module<Tensor, Tensor, Tensor>
{
    private const long Channels = 256;

    private readonly ConvNormRelu convblk;
    private readonly Conv2d conv;
    private readonly nn.Module<Tensor, Tensor> bn;

    public FeatureFusion(NormalizationDefinition normalization) : base(nameof(FeatureFusion))
    {
        convblk = new(Channels, Channels, kernel: 1, normalization);
        conv = BlockParts.Convolution(Channels, Channels, kernel: 1, normalization);
        bn = normalization.Create(Channels, dimensions: 2);
        RegisterComponents();
        Initial.Kaiming(this, nn.init.FanInOut.FanIn, slope: 1);
    }

    public override Tensor forward(Tensor spatial, Tensor context)
    {
        using var scope = NewDisposeScope();

        var f = convblk.call(cat([spatial, context], dim: 1));                 // [N, 256, H, W]
        var mean = f.mean([2, 3], keepdim: true);                              // [N, 256, 1, 1]
        var attention = bn.call(conv.call(mean)).sigmoid();                    // [N, 256, 1, 1]

        return (f + f * attention).MoveToOuterDisposeScope();                  // [N, 256, H, W]
    }
}
