namespace MlComponents;

/// <summary>Element type and shape of one row's tensor, without the rows' own dimension; a single number has the shape [].</summary>
/// <param name="DType">Element type.</param>
/// <param name="Shape">Sizes, each at least 1.</param>
public sealed record TensorSpec(ScalarType DType, IReadOnlyList<long> Shape)
{
    /// <summary>Numbers in one row.</summary>
    public long Count => Shape.Aggregate(1L, (product, size) => product * size);

    /// <summary>Type and shape, e.g. <c>Float32 [3, 4]</c>.</summary>
    public override string ToString() => $"{DType} {Shown.Shape(Shape)}";
}
