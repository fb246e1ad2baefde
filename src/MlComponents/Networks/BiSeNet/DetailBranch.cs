using TorchSharp.Modules;

namespace MlComponents;

/// <summary>The detail branch of <see cref="BiSeNetV2"/>: three stages of wide convolutions, each halving the size once.</summary>
internal sealed class DetailBranch : nn.Module<Tensor, Tensor>
{
    private readonly Sequential S1;
    private readonly Sequential S2;
    private readonly Sequential S3;

    public DetailBranch(long channels, NormalizationDefinition normalization) : base(nameof(DetailBranch))
    {
        S1 = Stage(channels, 64, convolutions: 2, normalization);
        S2 = Stage(64, 64, convolutions: 3, normalization);
        S3 = Stage(64, 128, convolutions: 3, normalization);
        RegisterComponents();
    }

    public override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();

        return S3.call(S2.call(S1.call(x))).MoveToOuterDisposeScope();   // [N, 128, H/8, W/8]
    }

    private static Sequential Stage(long inputs, long outputs, int convolutions, NormalizationDefinition normalization) => nn.Sequential(
        Enumerable.Range(0, convolutions).Select(i => i == 0
            ? ($"{i}", (nn.Module<Tensor, Tensor>)new ConvNormRelu(inputs, outputs, kernel: 3, normalization, stride: 2))
            : ($"{i}", new ConvNormRelu(outputs, outputs, kernel: 3, normalization))));
}
