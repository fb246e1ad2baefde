using System.ComponentModel.DataAnnotations;
using TorchSharp.Modules;

namespace MlComponents;

/// <summary>
/// The convolutional block attention module: weighs channels, then positions. <c>y = x·σ(mlp(mean(x)) + mlp(max(x)))</c> with mean and maximum over all
/// positions and two layers with a ReLU between them, then <c>y·σ(conv([mean(y), max(y)]))</c> with mean and maximum over the channels.
/// </summary>
/// <remarks>
/// <para>
/// After Woo et al. (arXiv 1807.06521), whose module the defaults are: a reduction by 16 and one 7x7 convolution. All layers have biases. It keeps the shape
/// [N, C, H, W]. Weights start as PyTorch's layers do.
/// </para>
/// <para>State-dict keys: <c>conv</c> (the optional convolution), <c>channel.0</c>, <c>channel.2</c>, <c>spatial.0</c> and <c>spatial.2</c>.</para>
/// </remarks>
public sealed record Cbam : LayerDefinition, IValidatableObject
{
    /// <summary>The form that <see cref="Tmo"/> has: a 3x3 convolution first, no reduction, and positions weighed by two 3x3 convolutions with 16 channels between them.</summary>
    public static Cbam OfTmo { get; } = new() { Convolution = true, Reduction = 1, KernelSize = 3, SpatialChannels = 16 };

    /// <summary>Whether a 3x3 convolution that keeps the shape comes before the attention. Default: false.</summary>
    public bool Convolution { get; init; }

    /// <summary>How many times fewer channels than its input the hidden layer of the channels' attention has; a divisor of the channels. 1 to 65,536; default 16.</summary>
    [Range(1, 1 << 16)]
    public int Reduction { get; init; } = 16;

    /// <summary>Height and width of the kernels that weigh positions, odd. 1 to 31; default 7.</summary>
    [Range(1, 31)]
    public int KernelSize { get; init; } = 7;

    /// <summary>Channels of a hidden layer in the positions' attention, with a ReLU and another convolution after it. 1 to 65,536; null, the default, for no such layer.</summary>
    [Range(1, 1 << 16)]
    public int? SpatialChannels { get; init; }

    /// <inheritdoc/>
    public override nn.Module<Tensor, Tensor> Create(long[] inputShape) => new CbamLayer(this, Check(inputShape).Channels);

    /// <inheritdoc/>
    public override ModuleDescription Describe(long[] inputShape)
    {
        var shape = Check(inputShape);
        var (channels, hidden) = (shape.Channels, shape.Channels / Reduction);
        var convolution = Convolution ? Count(channels, channels, kernel: 3) : default;
        var (squeeze, expand) = (Count(channels, hidden, kernel: 1), Count(hidden, channels, kernel: 1));
        var spatial = SpatialChannels is { } between ? Count(2, between, KernelSize) + Count(between, 1, KernelSize) : Count(2, 1, KernelSize);
        var weighed = SpatialChannels is { } middle ? (2 + 1) * middle : 2;   // products of a position with one of the kernels' elements
        var perPosition = (Convolution ? channels * channels * 3 * 3 : 0) + weighed * KernelSize * KernelSize;
        var products = shape.Height * shape.Width * perPosition + 2 * 2 * channels * hidden;   // two layers, for mean and maximum
        return new() { Kind = nameof(Cbam), InputShape = inputShape, OutputShape = inputShape, Parameters = convolution + squeeze + expand + spatial, MultiplyAdds = products };

        static long Count(long inputs, long outputs, long kernel) => inputs * outputs * kernel * kernel + outputs;
    }

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) => KernelSize % 2 == 1 ? [] :
        [new ValidationResult($"KernelSize is {KernelSize}; allowed are odd numbers, so that padding can keep the size.")];

    private MapShape Check(long[] inputShape)
    {
        var shape = MapShape.Of(nameof(Cbam), inputShape);
        return shape.Channels % Reduction == 0 ? shape : throw new ArgumentException(
            $"Cbam's Reduction of {Reduction} doesn't divide {shape.Channels} channels: choose a divisor of them, e.g. 1.", nameof(inputShape));
    }
}

/// <summary>The live <see cref="Cbam"/>.</summary>
internal sealed class CbamLayer : nn.Module<Tensor, Tensor>
{
    private readonly nn.Module<Tensor, Tensor> conv;
    private readonly Sequential channel;
    private readonly Sequential spatial;
    private readonly long channels;

    public CbamLayer(Cbam options, long channels) : base(nameof(CbamLayer))
    {
        this.channels = channels;
        var (hidden, kernel, padding) = (channels / options.Reduction, options.KernelSize, options.KernelSize / 2);
        conv = options.Convolution ? nn.Conv2d(channels, channels, kernel_size: 3, padding: 1) : nn.Identity();
        channel = nn.Sequential(
            ("0", nn.Conv2d(channels, hidden, kernel_size: 1)),
            ("1", nn.ReLU()),
            ("2", nn.Conv2d(hidden, channels, kernel_size: 1)));
        spatial = options.SpatialChannels is not { } between
            ? nn.Sequential(("0", nn.Conv2d(2, 1, kernel, padding: padding)))
            : nn.Sequential(
                ("0", nn.Conv2d(2, between, kernel, padding: padding)),
                ("1", nn.ReLU()),
                ("2", nn.Conv2d(between, 1, kernel, padding: padding)));
        RegisterComponents();
    }

    public override Tensor forward(Tensor x)
    {
        LayerShapes.CheckMaps(nameof(Cbam), x, channels);
        using var scope = NewDisposeScope();

        var y = conv.call(x);                                                                  // [N, C, H, W]
        var mean = y.mean([2, 3], keepdim: true);                                              // [N, C, 1, 1]
        var largest = nn.functional.adaptive_max_pool2d(y, [1, 1]);                            // [N, C, 1, 1]
        y = y * (channel.call(mean) + channel.call(largest)).sigmoid();                        // [N, C, H, W]
        var across = cat([y.mean([1], keepdim: true), y.max(1, keepdim: true).values], dim: 1);  // [N, 2, H, W]

        return (y * spatial.call(across).sigmoid()).MoveToOuterDisposeScope();                 // [N, C, H, W]
    }
}
