using System.ComponentModel.DataAnnotations;

namespace MlComponents;

/// <summary>Puts the dimensions of a row in another order, e.g. an image [H, W, C] to [C, H, W] with the dimensions 2, 0, 1.</summary>
/// <remarks>One input of any type; the result shares its memory.</remarks>
public sealed record Permute : OperationDefinition
{
    /// <summary>For each dimension of the result the one of the row that it is, each once; negative ones count from the end. Null, the default: reversed.</summary>
    [ElementRange(-64, 63)]
    public IReadOnlyList<int>? Dimensions { get; init; }

    /// <inheritdoc/>
    public override TensorSpec Infer(IReadOnlyList<TensorSpec> inputs)
    {
        this.CheckCount(inputs, 1);
        return new(inputs[0].DType, [.. Order(inputs[0].Shape).Select(dimension => inputs[0].Shape[dimension])]);
    }

    /// <inheritdoc/>
    public override Tensor Apply(IReadOnlyList<Tensor> inputs)
    {
        using var scope = NewDisposeScope();

        this.InferRows(inputs);
        var order = Order(inputs[0].shape[1..]).Select(dimension => 1L + dimension);

        return inputs[0].permute([0, .. order]).MoveToOuterDisposeScope();
    }

    private int[] Order(IReadOnlyList<long> shape)
    {
        if (Dimensions is null)
            return [.. Enumerable.Range(0, shape.Count).Reverse()];

        int[] order = [.. Dimensions.Select(dimension => OperationInputs.Dimension(this.Title(), dimension, shape))];
        if (order.Length != shape.Count || order.Distinct().Count() != order.Length)
            throw new ArgumentException($"Permute.Dimensions is [{string.Join(", ", Dimensions)}], but the shape {Shown.Shape(shape)} "
                + $"has {shape.Count} dimensions: name each of them once.");
        return order;
    }
}
