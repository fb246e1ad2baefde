using TorchSharp.Modules;

namespace MlComponents;

/// <summary>The live <see cref="UNet"/>: [N, C, H, W] to [N, Outputs, H, W].</summary>
internal sealed class UNetModule : nn.Module<Tensor, Tensor>
{
    private readonly UNet options;
    private readonly ModuleList<UNetStage> encoder;
    private readonly ModuleList<ConvTranspose2d> up;
    private readonly ModuleList<UNetStage> decoder;
    private readonly Conv2d output;
    private readonly long channels;

    public UNetModule(UNet options, long channels, long outputs) : base(nameof(UNetModule))
    {
        this.options = options;
        this.channels = channels;
        var widths = options.Widths;
        var narrowing = Enumerable.Range(0, widths.Count - 1).Reverse().ToArray();   // stages of the decoder, the deepest first
        encoder = nn.ModuleList(widths.Select((width, stage) => new UNetStage(options, stage == 0 ? channels : widths[stage - 1], width)).ToArray());
        up = nn.ModuleList(narrowing.Select(stage => nn.ConvTranspose2d(widths[stage + 1], widths[stage], 2, stride: 2)).ToArray());
        decoder = nn.ModuleList(narrowing.Select(stage => new UNetStage(options, 2 * widths[stage], widths[stage])).ToArray());
        output = nn.Conv2d(widths[0], outputs, kernel_size: 1);
        RegisterComponents();
    }

    public override Tensor forward(Tensor x)
    {
        LayerShapes.CheckMaps(nameof(UNet), x, channels);
        options.Check(MapShape.Of(nameof(UNet), x.shape[1..]));
        using var scope = NewDisposeScope();

        var map = encoder[0].call(x);                                              // [N, Widths[0], H, W]
        var skips = new Stack<Tensor>();
        foreach (var stage in encoder.Skip(1))
        {
            skips.Push(map);
            map = stage.call(nn.functional.max_pool2d(map, 2));                    // [N, Widths[i], H/2ⁱ, W/2ⁱ]
        }
        foreach (var (widen, stage) in up.Zip(decoder))
            map = stage.call(cat([skips.Pop(), widen.call(map)], dim: 1));         // [N, Widths[i], H/2ⁱ, W/2ⁱ]

        return output.call(map).MoveToOuterDisposeScope();                         // [N, Outputs, H, W]
    }
}

/// <summary>A stage of a <see cref="UNet"/>: twice a convolution, normalization and activation, [N, C, H, W] to [N, width, H, W].</summary>
internal sealed class UNetStage : nn.Module<Tensor, Tensor>
{
    private readonly Conv2d conv1;
    private readonly nn.Module<Tensor, Tensor> norm1;
    private readonly Conv2d conv2;
    private readonly nn.Module<Tensor, Tensor> norm2;
    private readonly nn.Module<Tensor, Tensor> activation;

    public UNetStage(UNet options, long inputs, long width) : base(nameof(UNetStage))
    {
        conv1 = BlockParts.Convolution(inputs, width, kernel: 3, options.Normalization);
        norm1 = options.Normalization.Create(width, dimensions: 2);
        conv2 = BlockParts.Convolution(width, width, kernel: 3, options.Normalization);
        norm2 = options.Normalization.Create(width, dimensions: 2);
        activation = options.Activation.Create();
        RegisterComponents();
    }

    public override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();

        var y = activation.call(norm1.call(conv1.call(x)));                        // [N, width, H, W]

        return activation.call(norm2.call(conv2.call(y))).MoveToOuterDisposeScope();   // [N, width, H, W]
    }
}
