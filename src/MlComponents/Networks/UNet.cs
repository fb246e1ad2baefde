using System.ComponentModel.DataAnnotations;

namespace MlComponents;

/// <summary>
/// A network for segmentation: an encoder that halves the maps from stage to stage, a decoder that doubles them again, and between the two, at every size,
/// a connection that carries the details over. From [N, C, H, W] to [N, Outputs, H, W], the scores of each pixel's classes.
/// </summary>
/// <remarks>
/// After Ronneberger et al. (arXiv 1505.04597) in today's form: convolutions are padded, so that the output has the input's size, and normalized. A stage is
/// twice a 3x3 convolution, normalization and activation. The encoder pools by 2x2 between stages; the decoder comes back by 2x2 transposed convolutions with
/// biases, puts the encoder's map of that size before theirs, [skip, up], and runs a stage. A 1x1 convolution with biases gives the output. The other
/// convolutions have biases where the normalization doesn't replace them. Height and width must be multiples of 2 to the number of stages minus 1. Convolutions start from
/// Kaiming's normal distribution by the number of inputs, as in the paper. State-dict keys: <c>encoder.0.conv1</c>, <c>encoder.0.norm1</c>,
/// <c>encoder.0.conv2</c>, <c>encoder.0.norm2</c>, <c>up.0</c> (the deepest first), <c>decoder.0.conv1</c>, <c>output</c>.
/// </remarks>
public sealed record UNet : NetworkDefinition
{
    /// <summary>Channels of each stage of the encoder, 1 to 65,536 each; 2 to 8 stages. Default: 64, 128, 256, 512 and 1,024.</summary>
    [Length(2, 8), ElementRange(1, 1 << 16)]
    public IReadOnlyList<int> Widths { get; init; } = [64, 128, 256, 512, 1024];

    /// <summary>What follows each 3x3 convolution. Default: batch normalization.</summary>
    public NormalizationDefinition Normalization { get; init; } = new BatchNorm();

    /// <summary>Nonlinearity after each normalization. Default: ReLU.</summary>
    [EnumDataType(typeof(Activation))]
    public Activation Activation { get; init; } = Activation.Relu;

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The examples aren't [C, H, W], or their sizes are no multiples of 2 to the number of stages minus 1.</exception>
    public override nn.Module Create(NetworkContext context)
    {
        var shape = MapShape.Of(this, context);
        Check(shape);
        return Initial.Kaiming(new UNetModule(this, shape.Channels, context.Outputs), nn.init.FanInOut.FanIn);
    }

    /// <summary>Refuses maps that can't be halved from stage to stage.</summary>
    /// <exception cref="ArgumentException">A size is no multiple.</exception>
    internal void Check(MapShape shape) => shape.MultiplesOf(nameof(UNet), 1 << (Widths.Count - 1));
}
