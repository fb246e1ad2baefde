using TorchSharp.Modules;

namespace MlComponents;

/// <summary>
/// The semantic branch of <see cref="BiSeNetV2"/>: a stem, gather-and-expansion layers and the context of the whole image. It gives its maps at 1/4, 1/8,
/// 1/16 and 1/32 of the image's size, of 16, 32, 64 and 128 channels, and last the one with the context, at 1/32.
/// </summary>
internal sealed class SemanticBranch : nn.Module<Tensor, Tensor[]>
{
    private readonly SemanticStem S1S2;
    private readonly Sequential S3;
    private readonly Sequential S4;
    private readonly Sequential S5_4;
    private readonly ContextEmbedding S5_5;

    public SemanticBranch(long channels, NormalizationDefinition normalization) : base(nameof(SemanticBranch))
    {
        S1S2 = new(channels, normalization);
        S3 = Stage(16, 32, layers: 2, normalization);
        S4 = Stage(32, 64, layers: 2, normalization);
        S5_4 = Stage(64, 128, layers: 4, normalization);
        S5_5 = new(128, normalization);
        RegisterComponents();
    }

    public override Tensor[] forward(Tensor x)
    {
        using var scope = NewDisposeScope();

        var map4 = S1S2.call(x);              // [N, 16, H/4, W/4]
        var map8 = S3.call(map4);             // [N, 32, H/8, W/8]
        var map16 = S4.call(map8);            // [N, 64, H/16, W/16]
        var map32 = S5_4.call(map16);         // [N, 128, H/32, W/32]
        var context = S5_5.call(map32);       // [N, 128, H/32, W/32]

        Tensor[] maps = [map4, map8, map16, map32, context];
        scope.MoveToOuter(maps);
        return maps;
    }

    /// <summary>Gather-and-expansion layers, of which the first halves the size.</summary>
    private static Sequential Stage(long inputs, long outputs, int layers, NormalizationDefinition normalization) => nn.Sequential(
        Enumerable.Range(0, layers).Select(i => i == 0
            ? ($"{i}", (nn.Module<Tensor, Tensor>)new StridedGatherExpansion(inputs, outputs, normalization))
            : ($"{i}", new GatherExpansion(outputs, normalization))));
}

/// <summary>The stem of <see cref="SemanticBranch"/>: a strided convolution, then a strided convolution beside max pooling, fused.</summary>
internal sealed class SemanticStem : nn.Module<Tensor, Tensor>
{
    private readonly ConvNormRelu conv;
    private readonly Sequential left;
    private readonly MaxPool2d right;
    private readonly ConvNormRelu fuse;

    public SemanticStem(long channels, NormalizationDefinition normalization) : base(nameof(SemanticStem))
    {
        conv = new(channels, 16, kernel: 3, normalization, stride: 2);
        left = nn.Sequential(
            ("0", new ConvNormRelu(16, 8, kernel: 1, normalization)),
            ("1", new ConvNormRelu(8, 16, kernel: 3, normalization, stride: 2)));
        right = nn.MaxPool2d(3, stride: 2, padding: 1);
        fuse = new(32, 16, kernel: 3, normalization);
        RegisterComponents();
    }

    public override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();

        var half = conv.call(x);                                          // [N, 16, H/2, W/2]
        var both = cat([left.call(half), right.call(half)], dim: 1);      // [N, 32, H/4, W/4]

        return fuse.call(both).MoveToOuterDisposeScope();                 // [N, 16, H/4, W/4]
    }
}

/// <summary>Context embedding: <c>conv3x3(x + g)</c> with g = conv1x1 of the normalized mean over all positions; each convolution normalized and rectified.</summary>
internal sealed class ContextEmbedding : nn.Module<Tensor, Tensor>
{
    private readonly nn.Module<Tensor, Tensor> bn;
    private readonly ConvNormRelu conv_gap;
    private readonly ConvNormRelu conv_last;

    public ContextEmbedding(long channels, NormalizationDefinition normalization) : base(nameof(ContextEmbedding))
    {
        bn = normalization.Create(channels, dimensions: 2);
        conv_gap = new(channels, channels, kernel: 1, normalization);
        conv_last = new(channels, channels, kernel: 3, normalization);
        RegisterComponents();
    }

    public override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();

        var mean = x.mean([2, 3], keepdim: true);                         // [N, C, 1, 1]
        var context = conv_gap.call(bn.call(mean));                       // [N, C, 1, 1]

        return conv_last.call(x + context).MoveToOuterDisposeScope();     // [N, C, H, W]
    }
}
