using System.ComponentModel.DataAnnotations;

namespace MlComponents;

/// <summary>Each class as a vector with a 1 at its place and 0 elsewhere: the row's shape with <see cref="Classes"/> appended.</summary>
/// <remarks>
/// One input of whole numbers in [0, <see cref="Classes"/>), Int64, Int32, Int16, Int8 or Byte, or of Bool, whose false is class 0 and whose true is class 1.
/// </remarks>
public sealed record OneHot : OperationDefinition, IValidatableObject
{
    /// <summary>Number of classes. At least 1; default 2.</summary>
    [Range(1, int.MaxValue)]
    public int Classes { get; init; } = 2;

    /// <summary>Type of the result: Float32, Float64, Int64, Int32, Int16, Int8, Byte or Bool. Default: Float32.</summary>
    [EnumDataType(typeof(ScalarType))]
    public ScalarType DType { get; init; } = ScalarType.Float32;

    /// <summary>What a class outside the range is, e.g. the -1 of a missing key: an error, or a vector of zeros. Default: an error.</summary>
    [EnumDataType(typeof(OutOfRange))]
    public OutOfRange OutOfRange { get; init; }

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (!(DType is ScalarType.Float32 or ScalarType.Float64 or ScalarType.Bool || OperationInputs.IsInteger(DType)))
            yield return new($"DType is {DType}; allowed is Float32, Float64, Int64, Int32, Int16, Int8, Byte or Bool.", [nameof(DType)]);
    }

    /// <inheritdoc/>
    public override TensorSpec Infer(IReadOnlyList<TensorSpec> inputs)
    {
        this.CheckCount(inputs, 1);
        if (inputs[0].DType != ScalarType.Bool)
            this.CheckIntegers(inputs[0], "classes");
        return new(DType, [.. inputs[0].Shape, Classes]);
    }

    /// <inheritdoc/>
    public override Tensor Apply(IReadOnlyList<Tensor> inputs)
    {
        using var scope = NewDisposeScope();

        this.InferRows(inputs);
        var x = inputs[0].to(ScalarType.Int64);                                                                  // [N, ...]
        this.CheckIndices(x, Classes, "class", OutOfRange);
        var hot = x.unsqueeze(-1).eq(arange(Classes, ScalarType.Int64, x.device));                               // [N, ..., Classes]

        return hot.to(DType).MoveToOuterDisposeScope();
    }
}
