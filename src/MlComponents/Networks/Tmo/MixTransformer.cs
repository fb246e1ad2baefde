using TorchSharp.Modules;

namespace MlComponents;

/// <summary>
/// The Mix Transformer B1 of SegFormer: four stages of overlapping patches and transformer blocks, at strides 4, 8, 16 and 32. State-dict names are
/// those of its authors' implementation.
/// </summary>
/// <remarks>
/// After Xie et al. (arXiv 2105.15203). Inside, maps are [N, H, W, C]. Linear layers start from a normal distribution of the deviation 0.02,
/// convolutions of the variance 2/fan-out, all with biases 0. There is no dropout and no stochastic depth.
/// </remarks>
internal sealed class MixTransformer : Trunk
{
    private readonly PatchEmbedding patch_embed1;
    private readonly Sequential block1;
    private readonly nn.Module<Tensor, Tensor> norm1;
    private readonly PatchEmbedding patch_embed2;
    private readonly Sequential block2;
    private readonly nn.Module<Tensor, Tensor> norm2;
    private readonly PatchEmbedding patch_embed3;
    private readonly Sequential block3;
    private readonly nn.Module<Tensor, Tensor> norm3;
    private readonly PatchEmbedding patch_embed4;
    private readonly Sequential block4;
    private readonly nn.Module<Tensor, Tensor> norm4;

    public MixTransformer(long channels) : base(nameof(MixTransformer))
    {
        (patch_embed1, block1, norm1) = Stage(channels, Channels[0], patch: 7, stride: 4, heads: 1, reduction: 8);
        (patch_embed2, block2, norm2) = Stage(Channels[0], Channels[1], patch: 3, stride: 2, heads: 2, reduction: 4);
        (patch_embed3, block3, norm3) = Stage(Channels[1], Channels[2], patch: 3, stride: 2, heads: 5, reduction: 2);
        (patch_embed4, block4, norm4) = Stage(Channels[2], Channels[3], patch: 3, stride: 2, heads: 8, reduction: 1);
        RegisterComponents();
        Initialize();
    }

    public override IReadOnlyList<long> Channels { get; } = [64, 128, 320, 512];

    /// <param name="x">[N, C, H, W], H and W multiples of 32.</param>
    /// <returns>[N, Channels, H/stride, W/stride] at the strides 4, 8, 16 and 32.</returns>
    public override IReadOnlyList<Tensor> Features(Tensor x)
    {
        using var scope = NewDisposeScope();

        var map1 = Run(patch_embed1, block1, norm1, x);                       // [N, 64, H/4, W/4]
        var map2 = Run(patch_embed2, block2, norm2, map1);                    // [N, 128, H/8, W/8]
        var map3 = Run(patch_embed3, block3, norm3, map2);                    // [N, 320, H/16, W/16]
        var map4 = Run(patch_embed4, block4, norm4, map3);                    // [N, 512, H/32, W/32]

        Tensor[] maps = [map1, map2, map3, map4];
        scope.MoveToOuter(maps);
        return maps;

        static Tensor Run(PatchEmbedding embedding, Sequential blocks, nn.Module<Tensor, Tensor> norm, Tensor x) =>
            norm.call(blocks.call(embedding.call(x))).permute(0, 3, 1, 2).contiguous();
    }

    public override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();

        return Features(x)[^1].MoveToOuterDisposeScope();                     // [N, 512, H/32, W/32]
    }

    private static (PatchEmbedding, Sequential, nn.Module<Tensor, Tensor>) Stage(long inputs, long width, long patch, long stride, long heads, long reduction) => (
        new(inputs, width, patch, stride),
        nn.Sequential(("0", new MixTransformerBlock(width, heads, reduction)), ("1", new MixTransformerBlock(width, heads, reduction))),
        nn.LayerNorm(width, MixTransformerBlock.Epsilon));

    private void Initialize()
    {
        using var scope = NewDisposeScope();
        using var guard = no_grad();

        Initial.NormalLinear(this, deviation: 0.02);
        foreach (var convolution in modules().OfType<Conv2d>())
        {
            var fanOut = convolution.weight.numel() / (convolution.weight.shape[1] * convolution.groups);   // of one group
            nn.init.normal_(convolution.weight, std: Math.Sqrt(2.0 / fanOut));
            convolution.bias!.zero_();
        }
    }
}

/// <summary>Overlapping patches: a strided convolution, then layer normalization over the channels.</summary>
internal sealed class PatchEmbedding : nn.Module<Tensor, Tensor>
{
    private readonly Conv2d proj;
    private readonly nn.Module<Tensor, Tensor> norm;

    public PatchEmbedding(long inputs, long width, long patch, long stride) : base(nameof(PatchEmbedding))
    {
        proj = nn.Conv2d(inputs, width, patch, stride, padding: patch / 2);
        norm = nn.LayerNorm(width);
        RegisterComponents();
    }

    public override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();

        var patches = proj.call(x).permute(0, 2, 3, 1);           // [N, H/stride, W/stride, width]

        return norm.call(patches).MoveToOuterDisposeScope();      // [N, H/stride, W/stride, width]
    }
}
