using TorchSharp.Modules;

namespace MlComponents;

/// <summary>A plan of a transposed convolution.</summary>
internal sealed class SpreadingPlan(
    ConvolutionDefinition definition, long[] inputShape, long channels, long groups, IReadOnlyList<SpreadingWindow> windows, NormalizationDefinition normalization, Activation? activation)
    : ConvolutionPlan(definition, inputShape, channels, groups, windows, normalization, activation)
{
    private readonly long[] kernel = [.. windows.Select(window => window.Kernel)];
    private readonly long[] stride = [.. windows.Select(window => window.Stride)];
    private readonly long[] dilation = [.. windows.Select(window => window.Dilation)];
    private readonly long[] padding = [.. windows.Select(window => window.Padding)];
    private readonly long[] end = [.. windows.Select(window => window.OutputPadding)];

    public override nn.Module<Tensor, Tensor> CreateConvolution() => kernel switch
    {
        [var length] => nn.ConvTranspose1d(Inputs, Channels, length, stride[0], padding[0], end[0], dilation[0], groups: Groups, bias: Bias),
        [var height, var width] => nn.ConvTranspose2d(
            Inputs, Channels, (height, width), (stride[0], stride[1]), (padding[0], padding[1]), (end[0], end[1]), (dilation[0], dilation[1]), groups: Groups, bias: Bias),
        _ => nn.ConvTranspose3d(Inputs, Channels, Three(kernel), Three(stride), Three(padding), Three(end), Three(dilation), groups: Groups, bias: Bias),
    };

    // TorchSharp's layers use the first output padding for all dimensions, so these are called by their weights.
    public override Tensor Convolve(nn.Module<Tensor, Tensor> layer, Tensor x) => layer switch
    {
        ConvTranspose2d plane => nn.functional.conv_transpose2d(x, plane.weight, plane.bias, stride, padding, end, dilation, Groups),
        ConvTranspose3d space => nn.functional.conv_transpose3d(x, space.weight, space.bias, stride, padding, end, dilation, Groups),
        _ => base.Convolve(layer, x),
    };

    public override long OwnMultiplyAdds(long[] input) => kernel.Length == 1 ? 0 : MultiplyAdds.Of(Weights, input.AsSpan(2));

    protected override ReadOnlySpan<long> Positions(long[] input, long[] output) => input.AsSpan(1);
}
