using System.ComponentModel.DataAnnotations;

namespace MlComponents;

/// <summary>How often each number from 0 to <see cref="Bins"/> − 1 occurs in a row, or the sum of the weights where it does.</summary>
/// <remarks>
/// The first input is whole numbers, Int64, Int32, Int16, Int8 or Byte, of any shape. Without weights the result is Int64, [Bins]. A second input of the same
/// shape, of any type but Bool, is the weights; then the result has their type if that is floating point, Float64 otherwise, and gradients flow to them.
/// </remarks>
public sealed record BinCount : OperationDefinition
{
    /// <summary>
    /// Length of the result: PyTorch's minimum length, but also the largest one, because the rows of a column have one size. At least 1; default 2.
    /// </summary>
    [Range(1, int.MaxValue)]
    public int Bins { get; init; } = 2;

    /// <summary>What happens to a number outside the bins, e.g. the -1 of a missing key: it is an error, or not counted. Default: an error.</summary>
    [EnumDataType(typeof(OutOfRange))]
    public OutOfRange OutOfRange { get; init; }

    /// <inheritdoc/>
    public override TensorSpec Infer(IReadOnlyList<TensorSpec> inputs)
    {
        this.CheckCount(inputs, 1, 2);
        this.CheckIntegers(inputs[0], "numbers to count");
        if (inputs.Count == 1)
            return new(ScalarType.Int64, [Bins]);

        this.CheckNumbers(inputs[1], "weights");
        if (!inputs[1].Shape.SequenceEqual(inputs[0].Shape))
            throw new ArgumentException($"BinCount takes one weight per number, but the numbers have the shape {Shown.Shape(inputs[0].Shape)} "
                + $"and the weights {Shown.Shape(inputs[1].Shape)}.");
        return new(OperationInputs.IsFloat(inputs[1].DType) ? inputs[1].DType : ScalarType.Float64, [Bins]);
    }

    /// <inheritdoc/>
    public override Tensor Apply(IReadOnlyList<Tensor> inputs)
    {
        using var scope = NewDisposeScope();

        var result = this.InferRows(inputs);
        var x = OperationInputs.Flat(inputs[0].to(ScalarType.Int64));                                            // [N, L]
        this.CheckIndices(x, Bins, "number", OutOfRange);
        var weights = inputs.Count == 2 ? OperationInputs.Flat(inputs[1].to(result.DType)) : ones_like(x);        // [N, L]
        var counts = Scatter.Inside(weights, x, 1, Bins, SegmentReduction.Sum);                                  // [N, Bins]

        return counts.MoveToOuterDisposeScope();
    }
}
