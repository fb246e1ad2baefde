using System.ComponentModel.DataAnnotations;

namespace MlComponents;

/// <summary>Gives a row another shape with as many numbers, in row-major order.</summary>
/// <remarks>One input of any type; the result shares its memory where that is possible.</remarks>
public sealed record Reshape : OperationDefinition, IValidatableObject
{
    /// <summary>
    /// The row's new sizes, each at least 1; one may be -1 and becomes what remains. None makes a single number of a row of one. Default: -1 alone,
    /// which flattens.
    /// </summary>
    public IReadOnlyList<long> Shape { get; init; } = [-1];

    private bool IsShape => Shape.All(size => size is -1 or > 0) && Shape.Count(size => size == -1) <= 1;

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (!IsShape)
            yield return new($"Shape is {Shown.Shape(Shape)}; allowed are sizes of at least 1, and one -1 for what remains.", [nameof(Shape)]);
    }

    /// <inheritdoc/>
    public override TensorSpec Infer(IReadOnlyList<TensorSpec> inputs)
    {
        this.CheckCount(inputs, 1);
        var known = Shape.Where(size => size != -1).Aggregate(1.0, (product, size) => product * size);   // exact where it can fit, and never overflows
        if (!IsShape || (Shape.Contains(-1) ? inputs[0].Count % known != 0 : inputs[0].Count != known))
            throw new ArgumentException($"Reshape.Shape is {Shown.Shape(Shape)}, but a row of the shape {Shown.Shape(inputs[0].Shape)} "
                + $"has {inputs[0].Count} numbers.");
        return new(inputs[0].DType, [.. Shape.Select(size => size == -1 ? inputs[0].Count / (long)known : size)]);
    }

    /// <inheritdoc/>
    public override Tensor Apply(IReadOnlyList<Tensor> inputs)
    {
        using var scope = NewDisposeScope();

        var result = this.InferRows(inputs);

        return inputs[0].reshape([inputs[0].shape[0], .. result.Shape]).MoveToOuterDisposeScope();
    }
}
