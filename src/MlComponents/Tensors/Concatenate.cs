using System.ComponentModel.DataAnnotations;

namespace MlComponents;

/// <summary>Puts inputs one after the other along a dimension that they have, e.g. [2, 3] and [4, 3] to [6, 3].</summary>
/// <remarks>At least one input; all have the same type, any, and the same sizes but for that dimension.</remarks>
public sealed record Concatenate : OperationDefinition
{
    /// <summary>Dimension of the row; negative ones count from the end. -64 to 63; default 0.</summary>
    [Range(-64, 63)]
    public int Dimension { get; init; }

    /// <inheritdoc/>
    public override TensorSpec Infer(IReadOnlyList<TensorSpec> inputs)
    {
        this.CheckCount(inputs, 1, int.MaxValue);
        this.CheckSameType(inputs);
        var shape = inputs[0].Shape.ToArray();
        var dimension = OperationInputs.Dimension(this.Title(), Dimension, shape);
        for (var i = 1; i < inputs.Count; i++)
        {
            var other = inputs[i].Shape;
            if (other.Count != shape.Length || shape.Where((size, d) => d != dimension && size != other[d]).Any())
                throw new ArgumentException($"Concatenate along dimension {dimension} takes inputs that agree in all others, but input {i}, counted from 0, "
                    + $"has the shape {Shown.Shape(other)} and input 0 has {Shown.Shape(inputs[0].Shape)}.");
            shape[dimension] += other[dimension];
        }
        return new(inputs[0].DType, shape);
    }

    /// <inheritdoc/>
    public override Tensor Apply(IReadOnlyList<Tensor> inputs)
    {
        using var scope = NewDisposeScope();

        this.InferRows(inputs);
        var dimension = 1 + OperationInputs.Dimension(this.Title(), Dimension, inputs[0].shape[1..]);

        return cat([.. inputs], dimension).MoveToOuterDisposeScope();
    }
}
