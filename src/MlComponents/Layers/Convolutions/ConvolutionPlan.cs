namespace MlComponents;

/// <summary>A convolution with normalization and activation for examples of one shape: checked, counted, and ready to be built.</summary>
internal abstract class ConvolutionPlan
{
    private static readonly string[] Axes = ["D", "H", "W"];

    private readonly string kind;
    private readonly long[] inputShape;
    private readonly IReadOnlyList<Window> windows;

    /// <exception cref="ArgumentException">Groups or sizes don't fit.</exception>
    protected ConvolutionPlan(
        ConvolutionDefinition definition, long[] inputShape, long channels, long groups, IReadOnlyList<Window> windows, NormalizationDefinition normalization, Activation? activation)
    {
        kind = definition.GetType().Name;
        this.inputShape = [.. inputShape];
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

    /// <summary>What has to be padded before the convolution because PyTorch's layer can't: pairs of start and end, the last dimension first. Default: nothing.</summary>
    public virtual long[] Padding => [];

    /// <summary>What <see cref="Padding"/> holds. Default: zeros.</summary>
    public virtual PaddingModes PaddedWith => PaddingModes.Constant;

    public long[] OutputShape => [Channels, .. windows.Select((window, d) => window.Output(inputShape[d + 1]))];

    public ModuleDescription Describe()
    {
        var norm = Normalization.Describe(OutputShape);
        return new()
        {
            Kind = kind, InputShape = inputShape, OutputShape = OutputShape, Parameters = Weights + (Bias ? Channels : 0) + norm.Parameters, Buffers = norm.Buffers,
            MultiplyAdds = MultiplyAdds.Of(Weights, Positions(inputShape, OutputShape)) + norm.MultiplyAdds,
        };
    }

    /// <exception cref="ArgumentException">A batch has other channels or dimensions than the convolution was built for, or is too small for its window.</exception>
    public void Check(Tensor x)
    {
        if (x.dim() != windows.Count + 2 || x.shape[1] != Inputs)
            throw LayerShapes.Unfit(kind, LayerShapes.ShowBatch(Inputs, windows.Count), x);
        CheckSizes(x.shape[1..]);
    }

    /// <summary>PyTorch's layer with new weights.</summary>
    public abstract nn.Module<Tensor, Tensor> CreateConvolution();

    /// <summary>What <see cref="CreateConvolution"/>'s layer makes of a batch, which is padded already.</summary>
    public virtual Tensor Convolve(nn.Module<Tensor, Tensor> layer, Tensor x) => layer.call(x);

    /// <summary>Numbers in the kernel.</summary>
    protected long Weights => windows.Aggregate(Channels * (Inputs / Groups), (product, window) => product * window.Kernel);

    /// <summary>Multiply-adds of a call of <see cref="Convolve"/> that are not those of a call of its layer.</summary>
    /// <param name="input">Shape of the batch of one that went in, before padding.</param>
    public virtual long OwnMultiplyAdds(long[] input) => 0;

    /// <summary>The positions for each of which the whole kernel is used: of [C, ...] that goes in or comes out.</summary>
    protected virtual ReadOnlySpan<long> Positions(long[] input, long[] output) => output.AsSpan(1);

    protected static (long, long, long) Three(long[] sizes) => (sizes[0], sizes[1], sizes[2]);

    /// <param name="shape">[C, ...] of one example.</param>
    private void CheckSizes(long[] shape)
    {
        for (var d = 0; d < windows.Count; d++)
            if (shape[d + 1] < windows[d].Smallest)
            {
                var axis = windows.Count == 1 ? "L" : Axes[3 - windows.Count + d];
                throw new ArgumentException($"{kind} can't take examples of {Shown.Shape(shape)}: along {axis} {windows[d].Refusal(shape[d + 1])}.");
            }
    }
}
