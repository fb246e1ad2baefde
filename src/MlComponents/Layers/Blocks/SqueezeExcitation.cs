using System.ComponentModel.DataAnnotations;
using TorchSharp.Modules;

namespace MlComponents;

/// <summary>
/// Squeeze and excitation: every channel is multiplied by a number that depends on the means of all channels,
/// <c>y = x · gate(W₂·activation(W₁·mean(x) + b₁) + b₂)</c>.
/// </summary>
/// <remarks>
/// After Hu et al. (arXiv 1709.01507). It keeps the shape [N, C, H, W]. The inner layer has C/Reduction channels, rounded as <see cref="Multiple"/> says.
/// State-dict keys, those of torchvision: <c>fc1</c> and <c>fc2</c>, 1x1 convolutions with biases.
/// </remarks>
public sealed record SqueezeExcitation : LayerDefinition
{
    /// <summary>How many channels share one of the inner layer. 1 to 4,096; default 16.</summary>
    [Range(1, 4096)]
    public int Reduction { get; init; } = 16;

    /// <summary>The inner layer's channels are rounded to a multiple of this, never to less than 90% of what they would be. 1 to 1,024; default 1.</summary>
    [Range(1, 1024)]
    public int Multiple { get; init; } = 1;

    /// <summary>Nonlinearity of the inner layer. Default: ReLU.</summary>
    [EnumDataType(typeof(Activation))]
    public Activation Activation { get; init; } = Activation.Relu;

    /// <summary>What makes the factors, e.g. <see cref="Activation.HardSigmoid"/>. Default: the sigmoid.</summary>
    [EnumDataType(typeof(Activation))]
    public Activation Gate { get; init; } = Activation.Sigmoid;

    /// <inheritdoc/>
    public override nn.Module<Tensor, Tensor> Create(long[] inputShape)
    {
        var channels = MapShape.Of(nameof(SqueezeExcitation), inputShape).Channels;
        return new SqueezeExcitationLayer(this, channels, Squeezed(channels));
    }

    /// <inheritdoc/>
    public override ModuleDescription Describe(long[] inputShape)
    {
        var input = MapShape.Of(nameof(SqueezeExcitation), inputShape);
        var (channels, squeezed) = (input.Channels, Squeezed(input.Channels));
        return BlockParts.Describe(this, input, input, new PartCount(2 * channels * squeezed + channels + squeezed, 0, 2 * channels * squeezed));
    }

    private long Squeezed(long channels) => BlockParts.Divisible(Math.Max(1, channels / Reduction), Multiple);
}

/// <summary>The live <see cref="SqueezeExcitation"/>.</summary>
internal sealed class SqueezeExcitationLayer : nn.Module<Tensor, Tensor>
{
    private readonly Conv2d fc1;
    private readonly nn.Module<Tensor, Tensor> activation;
    private readonly Conv2d fc2;
    private readonly nn.Module<Tensor, Tensor> gate;

    public SqueezeExcitationLayer(SqueezeExcitation options, long channels, long squeezed) : base(nameof(SqueezeExcitationLayer))
    {
        fc1 = nn.Conv2d(channels, squeezed, kernel_size: 1);
        activation = options.Activation.Create();
        fc2 = nn.Conv2d(squeezed, channels, kernel_size: 1);
        gate = options.Gate.Create();
        RegisterComponents();
    }

    public override Tensor forward(Tensor x)
    {
        LayerShapes.CheckMaps(nameof(SqueezeExcitation), x, fc1.in_channels);
        using var scope = NewDisposeScope();

        var mean = x.mean([2, 3], keepdim: true);                        // [N, C, 1, 1]
        var squeezed = activation.call(fc1.call(mean));                  // [N, C', 1, 1]
        var factor = gate.call(fc2.call(squeezed));                      // [N, C, 1, 1]

        return (x * factor).MoveToOuterDisposeScope();                   // [N, C, H, W]
    }
}
