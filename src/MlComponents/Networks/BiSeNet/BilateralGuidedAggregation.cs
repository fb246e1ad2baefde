using TorchSharp.Modules;

namespace MlComponents;

/// <summary>
/// Joins the branches of <see cref="BiSeNetV2"/>: each is weighted by the sigmoid of the other, once at the detail's and once at the semantics' size;
/// <c>relu(norm(conv3x3(sum)))</c> of both.
/// </summary>
internal sealed class BilateralGuidedAggregation : nn.Module<Tensor, Tensor, Tensor>
{
    private const long Channels = 128;
    private const long Factor = 4;   // between the branches' sizes

    private readonly Sequential left1;
    private readonly Sequential left2;
    private readonly Sequential right1;
    private readonly Sequential right2;
    private readonly Sequential conv;

    public BilateralGuidedAggregation(NormalizationDefinition normalization) : base(nameof(BilateralGuidedAggregation))
    {
        left1 = Separable();
        left2 = nn.Sequential(
            ("0", BlockParts.Convolution(Channels, Channels, kernel: 3, normalization, stride: 2)),
            ("1", normalization.Create(Channels, dimensions: 2)),
            ("2", nn.AvgPool2d(3, stride: 2, padding: 1)));
        right1 = BlockParts.NormalizedConvolution(Channels, Channels, kernel: 3, normalization, activation: null);
        right2 = Separable();
        conv = BlockParts.NormalizedConvolution(Channels, Channels, kernel: 3, normalization, Activation.Relu);
        RegisterComponents();

        Sequential Separable() => nn.Sequential(
            ("0", BlockParts.Convolution(Channels, Channels, kernel: 3, normalization, groups: Channels)),
            ("1", normalization.Create(Channels, dimensions: 2)),
            ("2", nn.Conv2d(Channels, Channels, kernel_size: 1, bias: false)));
    }

    public override Tensor forward(Tensor detail, Tensor semantics)
    {
        using var scope = NewDisposeScope();

        var gate = Resize.Nearest(right1.call(semantics), Factor).sigmoid();                            // [N, 128, H, W]
        var left = left1.call(detail) * gate;                                                           // [N, 128, H, W]
        var right = Resize.Nearest(left2.call(detail) * right2.call(semantics).sigmoid(), Factor);      // [N, 128, H, W]

        return conv.call(left + right).MoveToOuterDisposeScope();                                       // [N, 128, H, W]
    }
}
