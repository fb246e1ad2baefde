namespace MlComponents;

/// <summary>What a convolution does along one dimension.</summary>
/// <param name="Kernel">Elements of the kernel.</param>
/// <param name="Stride">Steps between windows; of a transposed convolution between inputs.</param>
/// <param name="Dilation">Steps between elements of the kernel.</param>
internal abstract record Window(long Kernel, long Stride, long Dilation)
{
    /// <summary>Positions from the first to the last element of the kernel.</summary>
    public long Extent => Dilation * (Kernel - 1) + 1;

    /// <summary>Smallest input.</summary>
    public abstract long Smallest { get; }

    /// <summary>Positions that come out.</summary>
    /// <param name="size">Positions that go in, at least <see cref="Smallest"/>.</param>
    public abstract long Output(long size);

    /// <summary>What is wrong with an input below <see cref="Smallest"/>, and what would do.</summary>
    public abstract string Refusal(long size);
}

/// <summary>A window that slides over a padded input.</summary>
internal sealed record SlidingWindow(long Kernel, long Stride, long Dilation, long Before, long After, PaddingMode Mode) : Window(Kernel, Stride, Dilation)
{
    /// <summary>The window of a pointwise convolution.</summary>
    public static SlidingWindow OfOne(long stride) => new(1, stride, 1, 0, 0, PaddingMode.Zeros);

    public override long Smallest => Math.Max(Available, Extent - Before - After);

    public override long Output(long size) => (size + Before + After - Extent) / Stride + 1;

    public override string Refusal(long size) => size < Available
        ? $"{Mode} padding of {Math.Max(Before, After)} needs at least {Available}: use larger examples, less padding or Zeros"
        : $"the kernel spans {Extent}, but there are {size} and a padding of {Before}: use at least {Smallest}, or a padding of at least {(Extent - size + 1) / 2}";

    /// <summary>Positions that the padding copies from.</summary>
    private long Available => Mode switch
    {
        PaddingMode.Reflect => Math.Max(Before, After) + 1,
        PaddingMode.Circular => Math.Max(Math.Max(Before, After), 1),
        _ => 1,
    };
}

/// <summary>A window of a transposed convolution: every input position is spread over one.</summary>
internal sealed record SpreadingWindow(long Kernel, long Stride, long Dilation, long Padding, long OutputPadding) : Window(Kernel, Stride, Dilation)
{
    public override long Smallest => 1 + Math.Max(0, (2 * Padding - Extent - OutputPadding + Stride) / Stride);

    public override long Output(long size) => (size - 1) * Stride - 2 * Padding + Extent + OutputPadding;

    public override string Refusal(long size) => $"a padding of {Padding} leaves nothing of {size}: use at least {Smallest}, or less padding";
}
