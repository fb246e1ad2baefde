using System.ComponentModel.DataAnnotations;

namespace MlComponents;

/// <summary>How a <see cref="ResNet"/> takes in pictures before its first block.</summary>
public enum ResNetStem
{
    /// <summary>A 7x7 convolution and a 3x3 max pooling, each of stride 2: for pictures of 200 pixels or so. The last map has 1/32 of the height and width.</summary>
    ImageNet,

    /// <summary>A 3x3 convolution of stride 1: for pictures of 32 pixels or so. The last map has 1/8 of the height and width.</summary>
    Cifar,
}

/// <summary>A residual network: a stem, four stages of residual blocks, the mean over all positions and a linear output.</summary>
/// <remarks>
/// After He et al. (arXiv 1512.03385), with the stride in the bottleneck's 3x3 convolution, as in torchvision, whose state-dict names it has: <c>conv1</c>,
/// <c>bn1</c>, <c>layer1.0.conv1</c>, <c>layer2.0.downsample.0</c>, <c>fc</c>. It takes examples [C, H, W] of any size; with a flat vector set InputShape.
/// Convolutions start from Kaiming's normal distribution by the number of outputs, the linear layer as PyTorch's does. Normalized over a batch, examples so small that one position is left (up to 32 by 32 with the
/// stem of ImageNet) can't be trained on in batches of one.
/// </remarks>
public sealed record ResNet : NetworkDefinition
{
    /// <summary>Layers with weights on the longest way: 18 or 34 with <see cref="ResidualBlock"/>, 50, 101 or 152 with <see cref="BottleneckBlock"/>. Default: 18.</summary>
    [AllowedValues(18, 34, 50, 101, 152)]
    public int Depth { get; init; } = 18;

    /// <summary>How pictures are taken in. Default: as for ImageNet; for pictures of 32 pixels or so choose <see cref="ResNetStem.Cifar"/>.</summary>
    [EnumDataType(typeof(ResNetStem))]
    public ResNetStem Stem { get; init; } = ResNetStem.ImageNet;

    /// <summary>Channels of the stem and width of the first stage's blocks; each further stage has twice as many. 1 to 4,096; default 64.</summary>
    [Range(1, 4096)]
    public int Width { get; init; } = 64;

    /// <summary>What follows each convolution. Default: batch normalization.</summary>
    public NormalizationDefinition Normalization { get; init; } = new BatchNorm();

    /// <summary>
    /// Whether the scale of each block's last normalization starts at 0, so that every block starts as its shortcut (Goyal et al., arXiv 1706.02677); it
    /// changes nothing where the normalization has no scale. Default: false.
    /// </summary>
    public bool ZeroInit { get; init; }

    /// <summary>Probability with which an input of the output layer is zeroed in training. At least 0 and below 1; default 0.</summary>
    [Range(0.0, 1.0, MaximumIsExclusive = true)]
    public double Dropout { get; init; }

    /// <summary>Blocks of each stage.</summary>
    internal int[] Blocks => Depth switch
    {
        18 => [2, 2, 2, 2],
        34 or 50 => [3, 4, 6, 3],
        101 => [3, 4, 23, 3],
        152 => [3, 8, 36, 3],
        _ => throw new ArgumentException($"There is no ResNet of the depth {Depth}; allowed are 18, 34, 50, 101 and 152."),
    };

    /// <summary>Whether the blocks are bottlenecks.</summary>
    internal bool HasBottlenecks => Depth >= 50;

    /// <summary>Channels of a stage's map.</summary>
    /// <param name="stage">0 to 3.</param>
    internal int Channels(int stage) => (Width << stage) * (HasBottlenecks ? BottleneckBlock.Expansion : 1);

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The examples aren't [C, H, W], or there is no such depth.</exception>
    public override nn.Module Create(NetworkContext context) =>
        Initial.Kaiming(new ResNetModule(this, MapShape.Of(this, context).Channels, context.Outputs), nn.init.FanInOut.FanOut);

    /// <summary>Builds the network without its head, the names of its weights the same, as a part of others that use <see cref="ResNetModule.Features"/>.</summary>
    /// <param name="channels">Channels of the pictures.</param>
    /// <param name="frozen">Whether it stays in eval mode.</param>
    internal ResNetModule CreateTrunk(long channels, bool frozen = false) =>
        Initial.Kaiming(new ResNetModule(this, channels, outputs: null) { Frozen = frozen }, nn.init.FanInOut.FanOut);
}
