using TorchSharp.Modules;

namespace MlComponents;

/// <summary>
/// The decoder of <see cref="Tmo"/>: from the map at stride 32 to the one at stride 4 each is brought to 256 channels, blended with what came before it and
/// weighed by attention; then come the scores, at the size of the encoders' input.
/// </summary>
internal sealed class TmoDecoder : nn.Module<Tensor[], Tensor>
{
    private const int Width = 256;

    private readonly ConvRelu fuse4;
    private readonly ConvRelu blend4;
    private readonly nn.Module<Tensor, Tensor> attention4;
    private readonly ConvRelu fuse3;
    private readonly ConvRelu blend3;
    private readonly nn.Module<Tensor, Tensor> attention3;
    private readonly ConvRelu fuse2;
    private readonly ConvRelu blend2;
    private readonly nn.Module<Tensor, Tensor> attention2;
    private readonly ConvRelu fuse1;
    private readonly ConvRelu blend1;
    private readonly nn.Module<Tensor, Tensor> attention1;
    private readonly Conv2d predict;

    /// <param name="channels">Channels of the maps at the strides 4, 8, 16 and 32.</param>
    /// <param name="outputs">Classes.</param>
    public TmoDecoder(IReadOnlyList<long> channels, long outputs) : base(nameof(TmoDecoder))
    {
        (fuse4, blend4, attention4) = Stage(channels[3], Width);
        (fuse3, blend3, attention3) = Stage(channels[2], 2 * Width);
        (fuse2, blend2, attention2) = Stage(channels[1], 2 * Width);
        (fuse1, blend1, attention1) = Stage(channels[0], 2 * Width);
        predict = nn.Conv2d(Width, outputs, kernel_size: 3, padding: 1);
        RegisterComponents();
        Initialize();
    }

    /// <param name="maps">[N, C, H/stride, W/stride] at the strides 4, 8, 16 and 32.</param>
    /// <returns>[N, outputs, H, W].</returns>
    public override Tensor forward(Tensor[] maps)
    {
        using var scope = NewDisposeScope();

        var x = attention4.call(blend4.call(fuse4.call(maps[3])));                // [N, 256, H/32, W/32]
        x = attention3.call(blend3.call(Beside(fuse3.call(maps[2]), x)));         // [N, 256, H/16, W/16]
        x = attention2.call(blend2.call(Beside(fuse2.call(maps[1]), x)));         // [N, 256, H/8, W/8]
        x = attention1.call(blend1.call(Beside(fuse1.call(maps[0]), x)));         // [N, 256, H/4, W/4]

        return Resize.Bicubic(predict.call(x), 4).MoveToOuterDisposeScope();      // [N, outputs, H, W]
    }

    private static Tensor Beside(Tensor map, Tensor smaller) => cat([map, Resize.Bicubic(smaller, 2)], dim: 1);

    private static (ConvRelu, ConvRelu, nn.Module<Tensor, Tensor>) Stage(long inputs, long blended) =>
        (new(inputs, Width, kernel: 1), new(blended, Width, kernel: 3), Cbam.OfTmo.Create([Width, 1, 1]));

    private void Initialize()
    {
        using var scope = NewDisposeScope();
        using var guard = no_grad();

        foreach (var convolution in modules().OfType<Conv2d>())
        {
            nn.init.kaiming_uniform_(convolution.weight);
            convolution.bias!.zero_();
        }
    }

    /// <summary>A convolution with a bias that keeps the size, rectified.</summary>
    private sealed class ConvRelu : nn.Module<Tensor, Tensor>
    {
        private readonly Conv2d conv;

        public ConvRelu(long inputs, long outputs, long kernel) : base(nameof(ConvRelu))
        {
            conv = nn.Conv2d(inputs, outputs, kernel, padding: kernel / 2);
            RegisterComponents();
        }

        public override Tensor forward(Tensor x)
        {
            using var scope = NewDisposeScope();

            return conv.call(x).relu().MoveToOuterDisposeScope();   // [N, outputs, H, W]
        }
    }
}
