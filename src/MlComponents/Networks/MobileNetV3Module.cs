using TorchSharp.Modules;

namespace MlComponents;

/// <summary>The live <see cref="MobileNetV3"/>: [N, C, H, W] to [N, Outputs]. Its state-dict keys are torchvision's.</summary>
internal sealed class MobileNetV3Module : nn.Module<Tensor, Tensor>
{
    // Tables 1 and 2 of the paper: kernel, expanded channels, output channels, squeeze and excitation, activation, stride.
    private static readonly Row[] Large =
    [
        new(3, 16, 16, false, Activation.Relu, 1),
        new(3, 64, 24, false, Activation.Relu, 2),
        new(3, 72, 24, false, Activation.Relu, 1),
        new(5, 72, 40, true, Activation.Relu, 2),
        new(5, 120, 40, true, Activation.Relu, 1),
        new(5, 120, 40, true, Activation.Relu, 1),
        new(3, 240, 80, false, Activation.HardSwish, 2),
        new(3, 200, 80, false, Activation.HardSwish, 1),
        new(3, 184, 80, false, Activation.HardSwish, 1),
        new(3, 184, 80, false, Activation.HardSwish, 1),
        new(3, 480, 112, true, Activation.HardSwish, 1),
        new(3, 672, 112, true, Activation.HardSwish, 1),
        new(5, 672, 160, true, Activation.HardSwish, 2),
        new(5, 960, 160, true, Activation.HardSwish, 1),
        new(5, 960, 160, true, Activation.HardSwish, 1),
    ];

    private static readonly Row[] Small =
    [
        new(3, 16, 16, true, Activation.Relu, 2),
        new(3, 72, 24, false, Activation.Relu, 2),
        new(3, 88, 24, false, Activation.Relu, 1),
        new(5, 96, 40, true, Activation.HardSwish, 2),
        new(5, 240, 40, true, Activation.HardSwish, 1),
        new(5, 240, 40, true, Activation.HardSwish, 1),
        new(5, 120, 48, true, Activation.HardSwish, 1),
        new(5, 144, 48, true, Activation.HardSwish, 1),
        new(5, 288, 96, true, Activation.HardSwish, 2),
        new(5, 576, 96, true, Activation.HardSwish, 1),
        new(5, 576, 96, true, Activation.HardSwish, 1),
    ];

    private const int StemChannels = 16;
    private const int LastExpansion = 6;

    private static readonly SqueezeExcitation Squeeze = new() { Reduction = 4, Multiple = 8, Gate = Activation.HardSigmoid };

    private readonly Sequential features;
    private readonly Sequential classifier;
    private readonly long channels;

    public MobileNetV3Module(MobileNetV3 options, MapShape shape, long outputs) : base(nameof(MobileNetV3Module))
    {
        var (rows, hidden) = options.Variant == MobileNetV3Variant.Large ? (Large, 1280) : (Small, 1024);
        var stem = Channels(StemChannels);
        channels = shape.Channels;
        List<nn.Module<Tensor, Tensor>> parts =
            [BlockParts.NormalizedConvolution(shape.Channels, stem, kernel: 3, options.Normalization, Activation.HardSwish, options.StemStride)];
        shape = shape.Convolved(stem, kernel: 3, options.StemStride, padding: 1);
        foreach (var row in rows)
        {
            var block = new InvertedResidual
            {
                Channels = Channels(row.Channels), Expanded = Channels(row.Expanded), KernelSize = row.KernelSize, Stride = row.Stride,
                Attention = row.Squeezes ? Squeeze : null, Normalization = options.Normalization, Activation = row.Activation,
            };
            parts.Add(block.Create(shape.ToArray()));
            shape = block.OutputShape(shape);
        }
        var last = LastExpansion * shape.Channels;
        parts.Add(BlockParts.NormalizedConvolution(shape.Channels, last, kernel: 1, options.Normalization, Activation.HardSwish));

        features = nn.Sequential(parts);
        classifier = nn.Sequential(
            ("0", nn.Linear(last, Channels(hidden))),
            ("1", nn.Hardswish()),
            ("2", nn.Dropout(options.Dropout)),
            ("3", nn.Linear(Channels(hidden), outputs)));
        RegisterComponents();

        int Channels(int published) => (int)BlockParts.Divisible(options.WidthMultiplier * published, divisor: 8);
    }

    public override Tensor forward(Tensor x)
    {
        LayerShapes.CheckMaps(nameof(MobileNetV3), x, channels);
        using var scope = NewDisposeScope();

        var maps = features.call(x);                                        // [N, C', H', W']

        return classifier.call(maps.mean([2, 3])).MoveToOuterDisposeScope();   // [N, Outputs]
    }

    /// <summary>A row of the tables.</summary>
    private sealed record Row(int KernelSize, int Expanded, int Channels, bool Squeezes, Activation Activation, int Stride);
}
