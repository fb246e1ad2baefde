using System.ComponentModel.DataAnnotations;

namespace MlComponents;

/// <summary>The index of the largest number along a dimension, counted from 0; of equal ones the first. NaN is larger than any number, as in PyTorch.</summary>
/// <remarks>One input of any type, true being larger than false; the result is Int64.</remarks>
public sealed record ArgMax : OperationDefinition
{
    /// <summary>Dimension of the row; negative ones count from the end. Null: the index into the flattened row. -64 to 63; default -1, the last.</summary>
    [Range(-64, 63)]
    public int? Dimension { get; init; } = -1;

    /// <summary>Whether the dimension stays, with the size 1; without <see cref="Dimension"/>, whether all do. Default: false.</summary>
    public bool KeepDimension { get; init; }

    /// <inheritdoc/>
    public override TensorSpec Infer(IReadOnlyList<TensorSpec> inputs)
    {
        this.CheckCount(inputs, 1);
        var shape = inputs[0].Shape.ToList();
        if (Dimension is not { } dimension)
            return new(ScalarType.Int64, KeepDimension ? [.. shape.Select(_ => 1L)] : []);

        var at = OperationInputs.Dimension(this.Title(), dimension, shape);
        shape.RemoveAt(at);
        if (KeepDimension)
            shape.Insert(at, 1);
        return new(ScalarType.Int64, shape);
    }

    /// <inheritdoc/>
    public override Tensor Apply(IReadOnlyList<Tensor> inputs)
    {
        using var scope = NewDisposeScope();

        var result = this.InferRows(inputs);
        var x = inputs[0].dtype == ScalarType.Bool ? inputs[0].to(ScalarType.Byte) : inputs[0];                  // [N, ...]
        var index = Dimension is { } dimension
            ? x.argmax(1 + OperationInputs.Dimension(this.Title(), dimension, x.shape[1..]))
            : OperationInputs.Flat(x).argmax(1);

        return index.reshape([x.shape[0], .. result.Shape]).MoveToOuterDisposeScope();
    }
}
