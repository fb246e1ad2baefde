using System.ComponentModel.DataAnnotations;

namespace MlComponents;

/// <summary>Whether numbers are equal, one by one: two inputs with each other, or one with <see cref="Value"/>. The result is Bool; NaN equals nothing.</summary>
/// <remarks>
/// Two inputs have the same type, any, and shapes that fit by PyTorch's broadcasting: aligned at the last dimension, sizes are equal or one of them is 1.
/// A float32 is compared with <see cref="Value"/> rounded to float32.
/// </remarks>
public sealed record Equal : OperationDefinition
{
    /// <summary>What a single input is compared with; a whole number if the input is one, 0 or 1 if it is Bool. Null, the default: there are two inputs.</summary>
    public double? Value { get; init; }

    /// <inheritdoc/>
    public override TensorSpec Infer(IReadOnlyList<TensorSpec> inputs)
    {
        this.CheckCount(inputs, Value is null ? 2 : 1);
        if (Value is { } value)
        {
            if (!CanBe(inputs[0].DType, value))
                throw new ArgumentException(FormattableString.Invariant($"Equal.Value is {value}, but no {inputs[0].DType} can be that: ")
                    + "give a value that one can, or convert the input first.");
            return new(ScalarType.Bool, inputs[0].Shape);
        }

        this.CheckSameType(inputs);
        var shape = OperationInputs.Broadcast(inputs.Select(input => input.Shape));
        return new(ScalarType.Bool, shape ?? throw new ArgumentException(
            $"Equal takes shapes that broadcast, but these are {Shown.Shape(inputs[0].Shape)} and {Shown.Shape(inputs[1].Shape)}: "
            + "aligned at the last dimension, sizes must be equal or one of them 1."));
    }

    /// <inheritdoc/>
    public override Tensor Apply(IReadOnlyList<Tensor> inputs)
    {
        using var scope = NewDisposeScope();

        var result = this.InferRows(inputs);
        var x = Aligned(inputs[0], result.Shape.Count);                                                          // [N, ...]
        var equal = Value switch
        {
            null => x.eq(Aligned(inputs[1], result.Shape.Count)),
            { } value when OperationInputs.IsFloat(x.dtype) => x.eq(value),
            { } value => x.eq((long)value),   // a double would be compared in float32
        };

        return equal.MoveToOuterDisposeScope();
    }

    /// <summary>Rows with as many dimensions as the result's: new ones come before a row's own, not before the rows.</summary>
    private static Tensor Aligned(Tensor x, int rank) => x.reshape([x.shape[0], .. Enumerable.Repeat(1L, rank + 1 - (int)x.dim()), .. x.shape[1..]]);

    private static bool CanBe(ScalarType type, double value) => type switch
    {
        ScalarType.Bool => value is 0 or 1,
        ScalarType.Byte => double.IsInteger(value) && value is >= 0 and <= byte.MaxValue,
        ScalarType.Int8 => double.IsInteger(value) && value is >= sbyte.MinValue and <= sbyte.MaxValue,
        ScalarType.Int16 => double.IsInteger(value) && value is >= short.MinValue and <= short.MaxValue,
        ScalarType.Int32 => double.IsInteger(value) && value is >= int.MinValue and <= int.MaxValue,
        ScalarType.Int64 => double.IsInteger(value) && value is >= long.MinValue and < -(double)long.MinValue,
        _ => true,
    };
}
