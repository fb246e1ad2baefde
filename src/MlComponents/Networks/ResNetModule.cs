using TorchSharp.Modules;

namespace MlComponents;

/// <summary>
/// The live <see cref="ResNet"/>: [N, C, H, W] to [N, Outputs], or without a head to the last stage's map. Its state-dict keys are torchvision's.
/// </summary>
internal sealed class ResNetModule : Trunk
{
    private readonly Conv2d conv1;
    private readonly nn.Module<Tensor, Tensor> bn1;
    private readonly nn.Module<Tensor, Tensor>? maxpool;
    private readonly Sequential layer1;
    private readonly Sequential layer2;
    private readonly Sequential layer3;
    private readonly Sequential layer4;
    private readonly Dropout? dropout;
    private readonly Linear? fc;

    /// <param name="options">What to build.</param>
    /// <param name="channels">Channels of the pictures.</param>
    /// <param name="outputs">Outputs of the head; null for none.</param>
    public ResNetModule(ResNet options, long channels, long? outputs) : base(nameof(ResNetModule))
    {
        var (kernel, stride) = options.Stem == ResNetStem.ImageNet ? (7, 2) : (3, 1);
        conv1 = BlockParts.Convolution(channels, options.Width, kernel, options.Normalization, stride);
        bn1 = options.Normalization.Create(options.Width, dimensions: 2);
        maxpool = options.Stem == ResNetStem.ImageNet ? nn.MaxPool2d(3, stride: 2, padding: 1) : null;

        layer1 = Stage(options, stage: 0);
        layer2 = Stage(options, stage: 1);
        layer3 = Stage(options, stage: 2);
        layer4 = Stage(options, stage: 3);
        if (outputs is not null)
        {
            dropout = nn.Dropout(options.Dropout);
            fc = nn.Linear(options.Channels(stage: 3), outputs.Value);
        }
        Channels = [.. Enumerable.Range(0, 4).Select(stage => (long)options.Channels(stage))];
        RegisterComponents();
    }

    public override IReadOnlyList<long> Channels { get; }

    /// <summary>The four stages' maps: with the stem of ImageNet at strides 4, 8, 16 and 32, with that of CIFAR at 1, 2, 4 and 8.</summary>
    /// <param name="x">[N, C, H, W].</param>
    /// <returns>[N, C', ⌈H/stride⌉, ⌈W/stride⌉] each, C' as <see cref="ResNet.Channels"/> says.</returns>
    public override IReadOnlyList<Tensor> Features(Tensor x)
    {
        LayerShapes.CheckMaps(nameof(ResNet), x, conv1.in_channels);
        using var scope = NewDisposeScope();

        var stem = nn.functional.relu(bn1.call(conv1.call(x)));                // [N, Width, H/2, W/2]
        var map1 = layer1.call(maxpool is null ? stem : maxpool.call(stem));   // [N, C1, H/4, W/4]
        var map2 = layer2.call(map1);                                          // [N, C2, H/8, W/8]
        var map3 = layer3.call(map2);                                          // [N, C3, H/16, W/16]
        var map4 = layer4.call(map3);                                          // [N, C4, H/32, W/32]

        return [.. new[] { map1, map2, map3, map4 }.Select(map => map.MoveToOuterDisposeScope())];
    }

    public override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();

        var map = Features(x)[^1];                                           // [N, C4, H', W']
        if (fc is null)
            return map.MoveToOuterDisposeScope();
        var mean = map.mean([2, 3]);                                         // [N, C4]

        return fc.call(dropout!.call(mean)).MoveToOuterDisposeScope();       // [N, Outputs]
    }

    /// <summary>The blocks of a stage, of which the first halves height and width in all stages but the first.</summary>
    private static Sequential Stage(ResNet options, int stage)
    {
        var (inputs, width) = (stage == 0 ? options.Width : options.Channels(stage - 1), options.Width << stage);
        return nn.Sequential(Enumerable.Range(0, options.Blocks[stage]).Select(block => block == 0
            ? ($"{block}", Block(options, inputs, width, stride: stage == 0 ? 1 : 2))
            : ($"{block}", Block(options, options.Channels(stage), width, stride: 1))));
    }

    private static nn.Module<Tensor, Tensor> Block(ResNet options, long inputs, int width, int stride) => options.HasBottlenecks
        ? new BottleneckBlockLayer(new() { Width = width, Stride = stride, Normalization = options.Normalization, ZeroInit = options.ZeroInit }, inputs)
        : new ResidualBlockLayer(new() { Channels = width, Stride = stride, Normalization = options.Normalization, ZeroInit = options.ZeroInit }, inputs);
}
