using TorchSharp.Modules;

namespace MlComponents;

/// <summary>
/// A head of <see cref="BiSeNetV2"/>: a hidden layer with dropout, a score for each class, and bilinear interpolation to the image's size. An auxiliary one
/// doubles the size before the scores and has a second hidden layer there. State-dict keys: <c>conv</c>, <c>conv_out.0.1</c>, <c>conv_out.1</c>.
/// </summary>
internal sealed class BiSeNetV2Head : nn.Module<Tensor, Tensor>
{
    private readonly ConvNormRelu conv;
    private readonly Dropout drop;
    private readonly Sequential conv_out;
    private readonly int factor;

    /// <param name="options">Dropout and normalization.</param>
    /// <param name="inputs">Channels that come in.</param>
    /// <param name="hidden">Channels of the hidden layer.</param>
    /// <param name="outputs">Classes.</param>
    /// <param name="factor">How much smaller the map is than the image, in each direction.</param>
    /// <param name="expanded">Channels of the second hidden layer; null for none.</param>
    public BiSeNetV2Head(BiSeNetV2 options, long inputs, long hidden, long outputs, int factor, long? expanded = null) : base(nameof(BiSeNetV2Head))
    {
        this.factor = expanded is null ? factor : factor / 2;
        conv = new(inputs, hidden, kernel: 3, options.Normalization);
        drop = nn.Dropout(options.Dropout);
        nn.Module<Tensor, Tensor> between = expanded is null ? nn.Identity() : nn.Sequential(
            ("0", nn.Upsample(scale_factor: [2, 2], mode: UpsampleMode.Nearest)),
            ("1", new ConvNormRelu(hidden, expanded.Value, kernel: 3, options.Normalization)));
        conv_out = nn.Sequential(
            ("0", between),
            ("1", nn.Conv2d(expanded ?? hidden, outputs, kernel_size: 1)));
        RegisterComponents();
    }

    public override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();

        var scores = conv_out.call(drop.call(conv.call(x)));                // [N, outputs, H/factor, W/factor]

        return Resize.Bilinear(scores, factor).MoveToOuterDisposeScope();   // [N, outputs, H, W]
    }
}
