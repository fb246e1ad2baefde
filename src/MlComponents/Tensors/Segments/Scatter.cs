namespace MlComponents;

/// <summary>Reductions of elements by an index, with gradients: libtorch's <c>scatter_reduce</c>, which TorchSharp has only through TorchScript.</summary>
internal static class Scatter
{
    private static readonly Lazy<jit.CompilationUnit> unit = new(() => jit.compile(string.Join('\n', Enum.GetValues<SegmentReduction>().Select(reduction => $"""
        def {reduction}(initial, source, index, dimension: int):
            return torch.scatter_reduce(initial, dimension, index, source, "{TorchName(reduction)}", include_self=False)

        """))));

    /// <summary>Reduces elements by an index that is in range.</summary>
    /// <param name="source">Numbers, any shape with at least one dimension.</param>
    /// <param name="index">Int64, the source's shape, each at least 0 and below <paramref name="size"/>.</param>
    /// <param name="dimension">The dimension along which the index counts, at least 0.</param>
    /// <param name="size">Size of that dimension in the result.</param>
    /// <param name="reduction">What becomes of elements with the same index.</param>
    public static Tensor Reduce(Tensor source, Tensor index, long dimension, long size, SegmentReduction reduction)
    {
        using var scope = NewDisposeScope();

        var shape = source.shape;
        shape[dimension] = size;
        var canTie = reduction is SegmentReduction.Minimum or SegmentReduction.Maximum && OperationInputs.IsFloat(source.dtype);
        Scalar start = canTie ? double.NaN : reduction == SegmentReduction.Product ? 1 : 0;
        var initial = full(shape, start, source.dtype, source.device);                                           // [..., size, ...]
        var reduced = unit.Value.invoke<Tensor>(reduction.ToString(), initial, source, index, dimension);        // [..., size, ...]
        if (canTie)
        {
            // libtorch would give a share of the gradient to an initial value that equals the extreme, which NaN never does.
            var isEmpty = ones(shape, ScalarType.Bool, source.device).scatter(dimension, index, zeros_like(index, ScalarType.Bool));
            reduced = reduced.masked_fill(isEmpty, 0);
        }

        return reduced.MoveToOuterDisposeScope();
    }

    /// <summary>As <see cref="Reduce"/>, without the elements whose index is out of range.</summary>
    public static Tensor Inside(Tensor source, Tensor index, long dimension, long size, SegmentReduction reduction)
    {
        using var scope = NewDisposeScope();

        var outside = index.lt(0).logical_or(index.ge(size));
        var x = source.masked_fill(outside, 0);   // so that no NaN among them reaches a gradient
        var reduced = Reduce(x, index.masked_fill(outside, size), dimension, size + 1, reduction);               // [..., size + 1, ...]

        return reduced.narrow(dimension, 0, size).MoveToOuterDisposeScope();                                     // [..., size, ...]
    }

    private static string TorchName(SegmentReduction reduction) => reduction switch
    {
        SegmentReduction.Sum => "sum",
        SegmentReduction.Mean => "mean",
        SegmentReduction.Minimum => "amin",
        SegmentReduction.Maximum => "amax",
        _ => "prod",
    };
}
