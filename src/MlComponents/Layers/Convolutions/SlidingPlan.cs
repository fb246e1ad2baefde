namespace MlComponents;

/// <summary>A plan whose windows slide over a padded input.</summary>
internal sealed class SlidingPlan(
    ConvolutionDefinition definition, long[] inputShape, long channels, long groups, IReadOnlyList<SlidingWindow> windows, NormalizationDefinition normalization, Activation? activation)
    : ConvolutionPlan(definition, inputShape, channels, groups, windows, normalization, activation)
{
    private readonly bool padsItself = windows.All(window => window.Before == window.After && window.Mode == PaddingMode.Zeros);

    public override long[] Padding => padsItself ? [] : [.. windows.Reverse().SelectMany(window => new[] { window.Before, window.After })];

    public override PaddingModes PaddedWith => windows[0].Mode switch
    {
        PaddingMode.Reflect => PaddingModes.Reflect,
        PaddingMode.Replicate => PaddingModes.Replicate,
        PaddingMode.Circular => PaddingModes.Circular,
        _ => PaddingModes.Constant,
    };

    public override nn.Module<Tensor, Tensor> CreateConvolution()
    {
        long[] kernel = [.. windows.Select(window => window.Kernel)], stride = [.. windows.Select(window => window.Stride)];
        long[] dilation = [.. windows.Select(window => window.Dilation)], padding = [.. windows.Select(window => padsItself ? window.Before : 0)];
        return kernel switch
        {
            [var length] => nn.Conv1d(Inputs, Channels, length, stride[0], padding[0], dilation[0], groups: Groups, bias: Bias),
            [var height, var width] => nn.Conv2d(
                Inputs, Channels, (height, width), (stride[0], stride[1]), (padding[0], padding[1]), (dilation[0], dilation[1]), groups: Groups, bias: Bias),
            _ => nn.Conv3d(Inputs, Channels, Three(kernel), Three(stride), Three(padding), Three(dilation), groups: Groups, bias: Bias),
        };
    }
}
