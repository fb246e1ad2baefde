namespace MlComponents;

/// <summary>A convolution with normalization and activation for examples of one shape: checked, counted, and ready to be built.</summary>
internal sealed class ConvolutionPlan
{
    private static readonly string[] Axes = ["D", "H", "W"];

    private readonly string kind;
    private readonly long[] inputShape;
    private readonly IReadOnlyList<Window> windows;

    /// <exception cref="ArgumentException">Groups or sizes don't fit.</exception>
    public ConvolutionPlan(
        ConvolutionDefinition definition, long[] inputShape, long channels, long groups, IReadOnlyList<Window> windows, NormalizationDefinition normalization, Activation? activation)
    {
        kind = definition.GetType().Name;
        this.inputShape = inputShape;
        this.windows = windows;
        Channels = channels;
        Groups = groups;
        Normalization = normalization;
        Activation = activation;
        Bias = definition.Bias ?? !Normalization.ReplacesBias;
        if (Inputs % groups != 0 || channels % groups != 0)
            throw new ArgumentException(
                $"{kind}.Groups is {groups}, into which {Inputs} input and {channels} output channels don't divide; "
                + $"allowed are {LayerShapes.ShowDivisors(Inputs, channels)}.");
        CheckSizes(inputShape);
    }

    public long Inputs => inputShape[0];

    public long Channels { get; }

    public long Groups { get; }

    public bool Bias { get; }

    public NormalizationDefinition Normalization { get; }

    public Activation? Activation { get; }

    public long[] OutputShape => [Channels, .. windows.Select((window, d) => window.Output(inputShape[d + 1]))];

    public ModuleDescription Describe()
    {
        var norm = Normalization.Describe(OutputShape);
        var weights = windows.Aggregate(Channels * (Inputs / Groups), (product, window) => product * window.Kernel) + (Bias ? Channels : 0);
        return new() { Kind = kind, InputShape = inputShape, OutputShape = OutputShape, Parameters = weights + norm.Parameters, Buffers = norm.Buffers };
    }

    /// <exception cref="ArgumentException">A batch has other channels or dimensions than the convolution was built for, or is too small for its window.</exception>
    public void Check(Tensor x)
    {
        if (x.dim() != windows.Count + 2 || x.shape[1] != Inputs)
            throw new ArgumentException($"{kind} was built for {LayerShapes.ShowBatch(Inputs, windows.Count)}, but the input has the shape {LayerShapes.Show(x.shape)}.");
        CheckSizes(x.shape[1..]);
    }

    /// <summary>PyTorch's layer, and what has to be padded before it because the layer can't: pairs of before and after, the last dimension first.</summary>
    public (nn.Module<Tensor, Tensor> Layer, long[] Padding, PaddingModes Mode) CreateConvolution()
    {
        if (windows is IReadOnlyList<SpreadingWindow> spreading)
            return (Transposed(spreading), [], PaddingModes.Constant);

        var sliding = (IReadOnlyList<SlidingWindow>)windows;
        var own = sliding.All(window => window.Before == window.After && window.Mode == PaddingMode.Zeros);
        return (Sliding(sliding, own), own ? [] : [.. sliding.Reverse().SelectMany(window => new[] { window.Before, window.After })], sliding[0].Mode switch
        {
            PaddingMode.Reflect => PaddingModes.Reflect,
            PaddingMode.Replicate => PaddingModes.Replicate,
            PaddingMode.Circular => PaddingModes.Circular,
            _ => PaddingModes.Constant,
        });
    }

    private nn.Module<Tensor, Tensor> Sliding(IReadOnlyList<SlidingWindow> w, bool padded)
    {
        long Padding(int d) => padded ? w[d].Before : 0;
        return w.Count switch
        {
            1 => nn.Conv1d(Inputs, Channels, w[0].Kernel, w[0].Stride, Padding(0), w[0].Dilation, groups: Groups, bias: Bias),
            2 => nn.Conv2d(Inputs, Channels, (w[0].Kernel, w[1].Kernel), (w[0].Stride, w[1].Stride), (Padding(0), Padding(1)), (w[0].Dilation, w[1].Dilation),
                groups: Groups, bias: Bias),
            _ => nn.Conv3d(Inputs, Channels, (w[0].Kernel, w[1].Kernel, w[2].Kernel), (w[0].Stride, w[1].Stride, w[2].Stride), (Padding(0), Padding(1), Padding(2)),
                (w[0].Dilation, w[1].Dilation, w[2].Dilation), groups: Groups, bias: Bias),
        };
    }

    private nn.Module<Tensor, Tensor> Transposed(IReadOnlyList<SpreadingWindow> w) => w.Count switch
    {
        1 => nn.ConvTranspose1d(Inputs, Channels, w[0].Kernel, w[0].Stride, w[0].Padding, w[0].OutputPadding, w[0].Dilation, groups: Groups, bias: Bias),
        2 => nn.ConvTranspose2d(Inputs, Channels, (w[0].Kernel, w[1].Kernel), (w[0].Stride, w[1].Stride), (w[0].Padding, w[1].Padding),
            (w[0].OutputPadding, w[1].OutputPadding), (w[0].Dilation, w[1].Dilation), groups: Groups, bias: Bias),
        _ => nn.ConvTranspose3d(Inputs, Channels, (w[0].Kernel, w[1].Kernel, w[2].Kernel), (w[0].Stride, w[1].Stride, w[2].Stride),
            (w[0].Padding, w[1].Padding, w[2].Padding), (w[0].OutputPadding, w[1].OutputPadding, w[2].OutputPadding),
            (w[0].Dilation, w[1].Dilation, w[2].Dilation), groups: Groups, bias: Bias),
    };

    /// <param name="shape">[C, ...] of one example.</param>
    private void CheckSizes(long[] shape)
    {
        for (var d = 0; d < windows.Count; d++)
            if (shape[d + 1] < windows[d].Smallest)
            {
                var axis = windows.Count == 1 ? "L" : Axes[3 - windows.Count + d];
                throw new ArgumentException($"{kind} can't take examples of {LayerShapes.Show(shape)}: along {axis} {windows[d].Refusal(shape[d + 1])}.");
            }
    }
}
