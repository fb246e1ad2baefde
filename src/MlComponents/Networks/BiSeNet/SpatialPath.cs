namespace MlComponents;

/// <summary>The spatial path of <see cref="BiSeNetV1"/>: three strided convolutions keep the detail, at 1/8 of the image's size.</summary>
internal sealed class SpatialPath : nn.Module<Tensor, Tensor>
{
    private readonly ConvNormRelu conv1;
    private readonly ConvNormRelu conv2;
    private readonly ConvNormRelu conv3;
    private readonly ConvNormRelu conv_out;

    public SpatialPath(long channels, NormalizationDefinition normalization) : base(nameof(SpatialPath))
    {
        conv1 = new(channels, 64, kernel: 7, normalization, stride: 2);
        conv2 = new(64, 64, kernel: 3, normalization, stride: 2);
        conv3 = new(64, 64, kernel: 3, normalization, stride: 2);
        conv_out = new(64, 128, kernel: 1, normalization);
        RegisterComponents();
        Initial.Kaiming(this, nn.init.FanInOut.FanIn, slope: 1);
    }

    public override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();

        var detail = conv3.call(conv2.call(conv1.call(x)));   // [N, 64, H/8, W/8]

        return conv_out.call(detail).MoveToOuterDisposeScope();   // [N, 128, H/8, W/8]
    }
}
