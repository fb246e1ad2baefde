using System.ComponentModel.DataAnnotations;

namespace MlComponents;

/// <summary>Reduces the slices of a row that belong to the same segment, e.g. the mean over the words of each sentence.</summary>
/// <remarks>
/// <para>
/// The first input is numbers of any type but Bool, with L slices along <see cref="Dimension"/>. The second says to which of S segments they belong, in one of two
/// forms of whole numbers: COO, [L], the segment of each slice in any order; or CSR, [S + 1], where segment s is the slices from offset s to before offset
/// s + 1. Slices before the first offset and from the last on belong to no segment, so that rows of one size may hold fewer.
/// </para>
/// <para>The result has the numbers' type and shape but for that dimension, whose size is S; gradients flow to the numbers, and whole ones wrap on overflow.</para>
/// </remarks>
public sealed record SegmentReduce : OperationDefinition
{
    /// <summary>What becomes of the slices of a segment, and of a segment without any. Default: their sum.</summary>
    [EnumDataType(typeof(SegmentReduction))]
    public SegmentReduction Reduction { get; init; }

    /// <summary>Form of the second input. Default: COO.</summary>
    [EnumDataType(typeof(SegmentForm))]
    public SegmentForm Form { get; init; }

    /// <summary>Dimension of the row that has the slices; negative ones count from the end. -64 to 63; default 0.</summary>
    [Range(-64, 63)]
    public int Dimension { get; init; }

    /// <summary>Number of segments S in the COO form; CSR offsets tell it themselves. At least 1; default 1.</summary>
    [Range(1, int.MaxValue)]
    public int Segments { get; init; } = 1;

    /// <summary>What happens to a slice whose COO index is negative or too large: it is an error, or left out. Offsets are always checked. Default: an error.</summary>
    [EnumDataType(typeof(OutOfRange))]
    public OutOfRange OutOfRange { get; init; }

    /// <inheritdoc/>
    public override TensorSpec Infer(IReadOnlyList<TensorSpec> inputs)
    {
        this.CheckCount(inputs, 2);
        SegmentInputs.CheckType(this.Title(), inputs[0].DType, Reduction);
        this.CheckIntegers(inputs[1], Form == SegmentForm.Coo ? "indices" : "offsets");
        var shape = inputs[0].Shape.ToArray();
        var dimension = OperationInputs.Dimension(this.Title(), Dimension, shape);
        var form = inputs[1].Shape;
        if (Form == SegmentForm.Coo && !form.SequenceEqual([shape[dimension]]))
            throw new ArgumentException($"SegmentReduce takes one index per slice, but the numbers {Shown.Shape(shape)} have {shape[dimension]} along dimension "
                + $"{dimension} and the indices have the shape {Shown.Shape(form)}: allowed is [{shape[dimension]}].");
        if (Form == SegmentForm.Csr && (form.Count != 1 || form[0] < 2))
            throw new ArgumentException($"SegmentReduce takes offsets of the shape [S + 1] for S segments, at least 1, but these have {Shown.Shape(form)}.");

        shape[dimension] = Form == SegmentForm.Coo ? Segments : form[0] - 1;
        return new(inputs[0].DType, shape);
    }

    /// <inheritdoc/>
    public override Tensor Apply(IReadOnlyList<Tensor> inputs)
    {
        using var scope = NewDisposeScope();

        this.InferRows(inputs);
        var dimension = 1 + OperationInputs.Dimension(this.Title(), Dimension, inputs[0].shape[1..]);
        var x = inputs[0].movedim([dimension], [1]);                                                             // [N, L, ...]
        var reduced = Form == SegmentForm.Coo ? ByIndex(x, inputs[1]) : ByOffsets(x, inputs[1]);                 // [N, S, ...]

        return reduced.movedim([1], [dimension]).MoveToOuterDisposeScope();
    }

    private Tensor ByIndex(Tensor x, Tensor index)
    {
        using var scope = NewDisposeScope();

        var whole = index.to(ScalarType.Int64);                                                                  // [N, L]
        this.CheckIndices(whole, Segments, "segment", OutOfRange);
        var each = SegmentInputs.PerElement(whole, x);                                                           // [N, L, ...]

        return Scatter.Inside(x, each, 1, Segments, Reduction).MoveToOuterDisposeScope();                        // [N, S, ...]
    }

    private Tensor ByOffsets(Tensor x, Tensor offsets)
    {
        using var scope = NewDisposeScope();

        var whole = offsets.to(ScalarType.Int64);                                                                // [N, S + 1]
        this.CheckRange(whole, 0, x.shape[1], "offset");
        this.CheckRange(whole.diff(), 0, x.shape[1], "step from one offset to the next");

        return TensorFunctions.SegmentReduceCsr(x, whole, Reduction).MoveToOuterDisposeScope();                  // [N, S, ...]
    }
}

/// <summary>How the second input of <see cref="SegmentReduce"/> says what belongs together.</summary>
public enum SegmentForm
{
    /// <summary>Coordinates: the segment of each slice.</summary>
    Coo,

    /// <summary>Compressed: where each segment starts, and where the last ends.</summary>
    Csr,
}
