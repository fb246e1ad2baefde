using System.ComponentModel.DataAnnotations;

namespace MlComponents;

/// <summary>Brings the numbers of a row, or of each group of them, to mean 0 and variance 1: <c>y = (x − μ)/√(σ² + ε)</c>.</summary>
/// <remarks>
/// μ and σ² are the mean and the biased variance (divided by the count) of one row's group alone, so nothing is learnt. A group of equal numbers gives
/// zeros, exactly; one with a NaN or an infinity gives NaN. Floating-point inputs keep their type; for whole numbers the result is float32, computed in
/// float64.
/// </remarks>
public abstract record NormalizeOperation : OperationDefinition
{
    /// <summary>Added to the variance. Above 0 and at most 1; default 1e-5.</summary>
    [Range(0.0, 1.0, MinimumIsExclusive = true)]
    public double Epsilon { get; init; } = 1e-5;

    /// <inheritdoc/>
    public sealed override TensorSpec Infer(IReadOnlyList<TensorSpec> inputs)
    {
        this.CheckCount(inputs, 1);
        this.CheckNumbers(inputs[0], "input");
        var input = inputs[0];

        var groups = GroupCount(input.Shape);
        if (input.Count < 2 * groups)
            throw new ArgumentException(
                $"{this.Title()} needs at least 2 numbers that are normalized together, but the shape {Shown.Shape(input.Shape)} has {input.Count} in {groups}: one alone would always give 0.");
        return input with { DType = OperationInputs.IsFloat(input.DType) ? input.DType : ScalarType.Float32 };
    }

    /// <inheritdoc/>
    public sealed override Tensor Apply(IReadOnlyList<Tensor> inputs)
    {
        using var scope = NewDisposeScope();

        var result = this.InferRows(inputs);
        var isFloat = OperationInputs.IsFloat(inputs[0].dtype);
        var x = isFloat ? inputs[0] : inputs[0].to(ScalarType.Float64);          // [N, ...]; float32 can't tell large whole numbers apart
        var groups = GroupCount(result.Shape);
        var grouped = x.reshape(x.shape[0], groups, result.Count / groups);      // [N, G, M]
        var near = grouped - grouped.narrow(2, 0, 1).detach();                   // [N, G, M], so that the mean of large equal numbers isn't rounded
        var centred = near - near.mean([2], keepdim: true);                      // [N, G, M]
        var variance = centred.square().mean([2], keepdim: true);                // [N, G, 1]
        var y = centred * (variance + Epsilon).rsqrt();                          // [N, G, M]

        return y.reshape(x.shape).to(result.DType).MoveToOuterDisposeScope();    // [N, ...]
    }

    /// <summary>How many groups of one row are normalized each by itself; they follow one another in memory.</summary>
    /// <exception cref="ArgumentException">The options don't fit the row's shape.</exception>
    private protected abstract long GroupCount(IReadOnlyList<long> shape);
}
