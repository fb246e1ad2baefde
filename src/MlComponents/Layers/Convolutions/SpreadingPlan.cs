namespace MlComponents;

/// <summary>A plan of a transposed convolution.</summary>
internal sealed class SpreadingPlan(
    ConvolutionDefinition definition, long[] inputShape, long channels, long groups, IReadOnlyList<SpreadingWindow> windows, NormalizationDefinition normalization, Activation? activation)
    : ConvolutionPlan(definition, inputShape, channels, groups, windows, normalization, activation)
{
    public override nn.Module<Tensor, Tensor> CreateConvolution()
    {
        long[] kernel = [.. windows.Select(window => window.Kernel)], stride = [.. windows.Select(window => window.Stride)];
        long[] dilation = [.. windows.Select(window => window.Dilation)], padding = [.. windows.Select(window => window.Padding)];
        long[] end = [.. windows.Select(window => window.OutputPadding)];
        return kernel switch
        {
            [var length] => nn.ConvTranspose1d(Inputs, Channels, length, stride[0], padding[0], end[0], dilation[0], groups: Groups, bias: Bias),
            [var height, var width] => nn.ConvTranspose2d(
                Inputs, Channels, (height, width), (stride[0], stride[1]), (padding[0], padding[1]), (end[0], end[1]), (dilation[0], dilation[1]), groups: Groups, bias: Bias),
            _ => nn.ConvTranspose3d(Inputs, Channels, Three(kernel), Three(stride), Three(padding), Three(end), Three(dilation), groups: Groups, bias: Bias),
        };
    }
}
