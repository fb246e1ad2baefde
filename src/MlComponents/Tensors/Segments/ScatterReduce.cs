using System.ComponentModel.DataAnnotations;

namespace MlComponents;

/// <summary>
/// Reduces the elements of a row that have the same index along a dimension: with dimension 0 of a matrix, <c>y[s, j] = reduce of x[i, j] over the i with
/// index[i, j] = s</c>.
/// </summary>
/// <remarks>
/// Two inputs of the same shape: numbers of any type but Bool, and for each its index, a whole number of any type in [0, <see cref="Size"/>). The result has the
/// numbers' type and shape but for that dimension; gradients flow to them, and whole ones wrap on overflow. Where the same index holds for a whole slice,
/// <see cref="SegmentReduce"/> takes one index per slice.
/// </remarks>
public sealed record ScatterReduce : OperationDefinition
{
    /// <summary>What becomes of elements with the same index, and where there are none. Default: their sum.</summary>
    [EnumDataType(typeof(SegmentReduction))]
    public SegmentReduction Reduction { get; init; }

    /// <summary>Dimension of the row along which the index counts; negative ones count from the end. -64 to 63; default 0.</summary>
    [Range(-64, 63)]
    public int Dimension { get; init; }

    /// <summary>Size of that dimension in the result. At least 1; default 1.</summary>
    [Range(1, int.MaxValue)]
    public int Size { get; init; } = 1;

    /// <summary>What happens to an element whose index is negative or too large: it is an error, or left out. Default: an error.</summary>
    [EnumDataType(typeof(OutOfRange))]
    public OutOfRange OutOfRange { get; init; }

    /// <inheritdoc/>
    public override TensorSpec Infer(IReadOnlyList<TensorSpec> inputs)
    {
        this.CheckCount(inputs, 2);
        SegmentInputs.CheckType(this.Title(), inputs[0].DType, Reduction);
        this.CheckIntegers(inputs[1], "indices");
        if (!inputs[1].Shape.SequenceEqual(inputs[0].Shape))
            throw new ArgumentException($"ScatterReduce takes one index per number, but the numbers have the shape {Shown.Shape(inputs[0].Shape)} "
                + $"and the indices {Shown.Shape(inputs[1].Shape)}.");

        var shape = inputs[0].Shape.ToArray();
        shape[OperationInputs.Dimension(this.Title(), Dimension, shape)] = Size;
        return new(inputs[0].DType, shape);
    }

    /// <inheritdoc/>
    public override Tensor Apply(IReadOnlyList<Tensor> inputs)
    {
        using var scope = NewDisposeScope();

        this.InferRows(inputs);
        var index = inputs[1].to(ScalarType.Int64);                                                              // [N, ...]
        this.CheckIndices(index, Size, "index", OutOfRange);
        var dimension = 1 + OperationInputs.Dimension(this.Title(), Dimension, inputs[0].shape[1..]);
        var reduced = Scatter.Inside(inputs[0], index, dimension, Size, Reduction);                              // [N, ..., Size, ...]

        return reduced.MoveToOuterDisposeScope();
    }
}
