using System.ComponentModel.DataAnnotations;

namespace MlComponents;

/// <summary>Brings the numbers of a row, or of each group of them, to mean 0 and variance 1: <c>y = (x − μ)/√(σ² + ε)</c>.</summary>
/// <remarks>
/// μ and σ² are the mean and the biased variance (divided by the count) of one row's group alone, so nothing is learnt. A group of equal numbers gives
/// zeros; one with a NaN or an infinity gives NaN. Floating-point inputs keep their type, other numbers become float32.
/// </remarks>
public abstract record NormalizeOperation : OperationDefinition
{
    /// <summary>Added to the variance. Above 0 and at most 1; default 1e-5.</summary>
    [Range(0.0, 1.0, MinimumIsExclusive = true)]
    public double Epsilon { get; init; } = 1e-5;

    /// <inheritdoc/>
    public sealed override TensorSpec Infer(IReadOnlyList<TensorSpec> inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        var name = GetType().Name;
        if (inputs.Count != 1)
            throw new ArgumentException($"{name} takes 1 input, but was given {inputs.Count}.", nameof(inputs));
        var input = inputs[0];
        var isFloating = input.DType is ScalarType.Float32 or ScalarType.Float64 or ScalarType.Float16 or ScalarType.BFloat16;
        if (!isFloating && input.DType is not (ScalarType.Int64 or ScalarType.Int32 or ScalarType.Int16 or ScalarType.Int8 or ScalarType.Byte))
            throw new ArgumentException($"{name} takes real numbers, but its input is {input}.", nameof(inputs));

        var groups = GroupCount(input.Shape);
        if (input.Count < 2 * groups)
            throw new ArgumentException(
                $"{name} needs at least 2 numbers that are normalized together, but rows of [{string.Join(", ", input.Shape)}] have {input.Count} in {groups}: "
                + "one alone would always give 0.", nameof(inputs));
        return input with { DType = isFloating ? input.DType : ScalarType.Float32 };
    }

    /// <inheritdoc/>
    public sealed override Tensor Apply(IReadOnlyList<Tensor> inputs)
    {
        using var scope = NewDisposeScope();

        ArgumentNullException.ThrowIfNull(inputs);
        var result = Infer([.. inputs.Select(input => new TensorSpec(input.dtype, input.shape[1..]))]);
        var x = inputs[0].to(result.DType);                                  // [N, ...]
        var (rows, groups) = (x.shape[0], GroupCount(result.Shape));
        var grouped = x.reshape(rows, groups, result.Count / groups);        // [N, G, M]
        var centred = grouped - grouped.mean([2], keepdim: true);            // [N, G, M]
        var variance = centred.square().mean([2], keepdim: true);            // [N, G, 1]
        var y = centred * (variance + Epsilon).rsqrt();                      // [N, G, M]

        return y.reshape(x.shape).MoveToOuterDisposeScope();                 // [N, ...]
    }

    /// <summary>How many groups of one row are normalized each by itself; they follow one another in memory.</summary>
    /// <exception cref="ArgumentException">The options don't fit the row's shape.</exception>
    private protected abstract long GroupCount(IReadOnlyList<long> shape);
}
