using TorchSharp.Modules;

namespace MlComponents;

/// <summary>The unit of which both BiSeNets are built: <c>relu(norm(conv(x)))</c>. State-dict keys: <c>conv</c>, and <c>bn</c> whatever the normalization is.</summary>
internal sealed class ConvNormRelu : nn.Module<Tensor, Tensor>
{
    private readonly Conv2d conv;
    private readonly nn.Module<Tensor, Tensor> bn;

    /// <param name="inputs">Channels that come in.</param>
    /// <param name="outputs">Channels that go out.</param>
    /// <param name="kernel">Height and width of the kernel, odd; half of it is the padding.</param>
    /// <param name="normalization">What follows the convolution.</param>
    /// <param name="stride">Step of the convolution in both directions.</param>
    public ConvNormRelu(long inputs, long outputs, int kernel, NormalizationDefinition normalization, int stride = 1) : base(nameof(ConvNormRelu))
    {
        conv = BlockParts.Convolution(inputs, outputs, kernel, normalization, stride);
        bn = normalization.Create(outputs, dimensions: 2);
        RegisterComponents();
    }

    public override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();

        return bn.call(conv.call(x)).relu().MoveToOuterDisposeScope();   // [N, outputs, H/stride, W/stride]
    }
}
