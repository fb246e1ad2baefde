using System.ComponentModel.DataAnnotations;

namespace MlComponents;

/// <summary>Puts inputs of one shape side by side along a new dimension, e.g. two of [3] to [2, 3].</summary>
/// <remarks>At least one input; all have the same type, any, and the same shape, which may be that of single numbers, [].</remarks>
public sealed record Stack : OperationDefinition
{
    /// <summary>Where the new dimension stands in the result's row; negative ones count from its end. -64 to 63; default 0.</summary>
    [Range(-64, 63)]
    public int Dimension { get; init; }

    /// <inheritdoc/>
    public override TensorSpec Infer(IReadOnlyList<TensorSpec> inputs)
    {
        this.CheckCount(inputs, 1, int.MaxValue);
        this.CheckSameType(inputs);
        var shape = inputs[0].Shape;
        for (var i = 1; i < inputs.Count; i++)
            if (!inputs[i].Shape.SequenceEqual(shape))
                throw new ArgumentException($"Stack takes inputs of one shape, but input {i}, counted from 0, has {Shown.Shape(inputs[i].Shape)} "
                    + $"and input 0 has {Shown.Shape(shape)}.");

        List<long> result = [.. shape, 1];
        var dimension = OperationInputs.Dimension(this.Title(), Dimension, result);
        result.RemoveAt(shape.Count);
        result.Insert(dimension, inputs.Count);
        return new(inputs[0].DType, result);
    }

    /// <inheritdoc/>
    public override Tensor Apply(IReadOnlyList<Tensor> inputs)
    {
        using var scope = NewDisposeScope();

        var result = this.InferRows(inputs);
        var dimension = 1 + OperationInputs.Dimension(this.Title(), Dimension, result.Shape);

        return stack(inputs, dimension).MoveToOuterDisposeScope();
    }
}
