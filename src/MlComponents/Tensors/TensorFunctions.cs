namespace MlComponents;

/// <summary>Functions for networks that TorchSharp lacks: reductions of segments and counts, with gradients, for any leading dimensions, on any device.</summary>
/// <remarks>
/// The numbers that are reduced are floating point, or whole numbers except for means. What becomes of ties, NaN and segments without elements is said at
/// <see cref="SegmentReduction"/>. An index out of range is an <see cref="ArgumentException"/> on a CPU; on CUDA, where reading it would wait for the device,
/// it ends the process's use of the device. Sums on CUDA are taken in no fixed order. Second derivatives aren't promised.
/// </remarks>
public static class TensorFunctions
{
    /// <summary>Reduces elements with the same index along a dimension, as PyTorch's <c>scatter_reduce</c> without its initial values.</summary>
    /// <param name="source">Numbers, any shape with at least one dimension.</param>
    /// <param name="index">Int64, the source's shape, each at least 0 and below <paramref name="size"/>.</param>
    /// <param name="dimension">The dimension along which the index counts; negative ones count from the end.</param>
    /// <param name="size">Size of that dimension in the result, at least 1.</param>
    /// <param name="reduction">What becomes of elements with the same index.</param>
    /// <returns>The source's type, and its shape but for that dimension.</returns>
    /// <exception cref="ArgumentException">Types, shapes or indices don't fit.</exception>
    public static Tensor ScatterReduce(Tensor source, Tensor index, long dimension, long size, SegmentReduction reduction) =>
        Reduce(nameof(ScatterReduce), source, index, dimension, size, reduction);

    /// <summary>Reduces slices by the segment of each (COO), in any order.</summary>
    /// <param name="source">Numbers, [B..., L, F...]: L slices of any shape F, for any leading dimensions B.</param>
    /// <param name="index">The segment of each slice, Int64 [B..., L], at least 0 and below <paramref name="segments"/>.</param>
    /// <param name="segments">Number of segments S, at least 1.</param>
    /// <param name="reduction">What becomes of the slices of a segment.</param>
    /// <returns>[B..., S, F...] of the source's type.</returns>
    /// <exception cref="ArgumentException">Types, shapes or indices don't fit.</exception>
    public static Tensor SegmentReduceCoo(Tensor source, Tensor index, long segments, SegmentReduction reduction)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(index);
        ArgumentOutOfRangeException.ThrowIfLessThan(segments, 1);
        SegmentInputs.CheckType(nameof(SegmentReduceCoo), source.dtype, reduction);
        CheckInt64(nameof(SegmentReduceCoo), index);
        if (index.dim() == 0 || !index.shape.SequenceEqual(source.shape.Take((int)index.dim())))
            throw new ArgumentException($"SegmentReduceCoo takes one index per slice, but the numbers have the shape {Shown.Shape(source.shape)} "
                + $"and the indices {Shown.Shape(index.shape)}, which isn't the start of it.", nameof(index));
        SegmentInputs.CheckIndex(nameof(SegmentReduceCoo), index, segments);

        using var scope = NewDisposeScope();

        var each = SegmentInputs.PerElement(index, source);                                                      // [B..., L, F...]

        return Scatter.Reduce(source, each, index.dim() - 1, segments, reduction).MoveToOuterDisposeScope();     // [B..., S, F...]
    }

    /// <summary>Reduces slices by the offsets at which segments start (CSR): segment s is the slices from offset s to before offset s + 1.</summary>
    /// <param name="source">Numbers, [B..., L, F...]: L slices of any shape F, for any leading dimensions B.</param>
    /// <param name="offsets">Int64 [B..., S + 1], never falling. Slices before the first offset and from the last on belong to no segment.</param>
    /// <param name="reduction">What becomes of the slices of a segment.</param>
    /// <returns>[B..., S, F...] of the source's type.</returns>
    /// <exception cref="ArgumentException">Types or shapes don't fit, or, on a CPU, an offset falls.</exception>
    public static Tensor SegmentReduceCsr(Tensor source, Tensor offsets, SegmentReduction reduction)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(offsets);
        SegmentInputs.CheckType(nameof(SegmentReduceCsr), source.dtype, reduction);
        CheckInt64(nameof(SegmentReduceCsr), offsets);
        var at = (int)offsets.dim() - 1;
        if (at < 0 || at >= source.dim() || offsets.shape[at] < 2 || !offsets.shape.Take(at).SequenceEqual(source.shape.Take(at)))
            throw new ArgumentException("SegmentReduceCsr takes numbers [B..., L, F...] and offsets [B..., S + 1] for S segments, at least 1, "
                + $"but the numbers have the shape {Shown.Shape(source.shape)} and the offsets {Shown.Shape(offsets.shape)}.", nameof(offsets));

        using var scope = NewDisposeScope();

        if (offsets.device_type == DeviceType.CPU && offsets.diff().lt(0).any().item<bool>())
            throw new ArgumentException("SegmentReduceCsr takes offsets that never fall, but one is smaller than the one before it.", nameof(offsets));
        var each = SegmentInputs.PerElement(SegmentInputs.OfOffsets(offsets, source.shape[at]), source);         // [B..., L, F...]
        var reduced = Scatter.Inside(source, each, at, offsets.shape[at] - 1, reduction);                        // [B..., S, F...]

        return reduced.MoveToOuterDisposeScope();
    }

    /// <summary>How often each number from 0 to <paramref name="bins"/> − 1 occurs along the last dimension, or the sum of the weights where it does.</summary>
    /// <param name="x">Int64 [..., L], each at least 0 and below <paramref name="bins"/>.</param>
    /// <param name="bins">Number of bins, at least 1: PyTorch's minimum length, but also the largest one, so that nothing waits for the device.</param>
    /// <param name="weights">A number for each of <paramref name="x"/>, [..., L], or null for ones.</param>
    /// <returns>[..., bins], Int64 without weights, otherwise the weights' type.</returns>
    /// <exception cref="ArgumentException">Types, shapes or numbers don't fit.</exception>
    public static Tensor BinCount(Tensor x, long bins, Tensor? weights = null)
    {
        ArgumentNullException.ThrowIfNull(x);
        using var scope = NewDisposeScope();

        var counts = Reduce(nameof(BinCount), weights ?? ones_like(x), x, -1, bins, SegmentReduction.Sum);       // [..., bins]

        return counts.MoveToOuterDisposeScope();
    }

    private static Tensor Reduce(string owner, Tensor source, Tensor index, long dimension, long size, SegmentReduction reduction)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(index);
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        SegmentInputs.CheckType(owner, source.dtype, reduction);
        CheckInt64(owner, index);
        var at = OperationInputs.Dimension(owner, dimension, source.shape);
        if (!index.shape.SequenceEqual(source.shape))
            throw new ArgumentException($"{owner} takes one index per number, but the numbers have the shape {Shown.Shape(source.shape)} "
                + $"and the indices {Shown.Shape(index.shape)}.", nameof(index));
        SegmentInputs.CheckIndex(owner, index, size);

        return Scatter.Reduce(source, index, at, size, reduction);
    }

    private static void CheckInt64(string owner, Tensor index)
    {
        if (index.dtype != ScalarType.Int64)
            throw new ArgumentException($"{owner} takes whole numbers of the type Int64, but these are {index.dtype}: convert them first.");
    }
}
