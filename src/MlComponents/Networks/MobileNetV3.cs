using System.ComponentModel.DataAnnotations;

namespace MlComponents;

/// <summary>Which of the two published forms a <see cref="MobileNetV3"/> has.</summary>
public enum MobileNetV3Variant
{
    /// <summary>15 blocks; 5,483,032 weights with 1,000 classes.</summary>
    Large,

    /// <summary>11 blocks; 2,542,856 weights with 1,000 classes.</summary>
    Small,
}

/// <summary>A classifier for devices with little time: inverted residual blocks with depthwise convolutions, squeeze and excitation, and hard activations.</summary>
/// <remarks>
/// After Howard et al. (arXiv 1905.02244). State-dict names, sizes and first weights are torchvision's: <c>features.0.0</c>, <c>features.4.block.2.fc1</c>,
/// <c>classifier.0</c>. It takes examples [C, H, W] of any size; with a flat vector set InputShape. The last map has 1/32 of the height and width, 1/16 with
/// a <see cref="StemStride"/> of 1: pictures of 28 by 28 end as 1 by 1 or 2 by 2. Normalized over a batch, examples of which one position is left can't be
/// trained on in batches of one.
/// </remarks>
public sealed record MobileNetV3 : NetworkDefinition
{
    /// <summary>Which of the published forms. Default: Large.</summary>
    [EnumDataType(typeof(MobileNetV3Variant))]
    public MobileNetV3Variant Variant { get; init; } = MobileNetV3Variant.Large;

    /// <summary>Factor of the channels of all layers, each rounded to a multiple of 8. Above 0 and at most 16; default 1.</summary>
    [Range(0.0, 16.0, MinimumIsExclusive = true)]
    public double WidthMultiplier { get; init; } = 1;

    /// <summary>Step of the first convolution. For pictures of 32 pixels or so 1 keeps more of them. 1 to 4; default 2.</summary>
    [Range(1, 4)]
    public int StemStride { get; init; } = 2;

    /// <summary>What follows each convolution. Default: batch normalization with ε = 0.001 and a share of 0.01 for the new batch.</summary>
    public NormalizationDefinition Normalization { get; init; } = new BatchNorm { Epsilon = 1e-3, Momentum = 0.01 };

    /// <summary>Probability with which an input of the output layer is zeroed in training. At least 0 and below 1; default 0.2.</summary>
    [Range(0.0, 1.0, MaximumIsExclusive = true)]
    public double Dropout { get; init; } = 0.2;

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The examples aren't [C, H, W].</exception>
    public override nn.Module Create(NetworkContext context)
    {
        var network = new MobileNetV3Module(this, MapShape.Of(this, context), context.Outputs);
        return Initial.NormalLinear(Initial.Kaiming(network, nn.init.FanInOut.FanOut), deviation: 0.01);
    }
}
