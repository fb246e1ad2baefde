namespace MlComponents;

/// <summary>What the numbers of an activation are like. Mean, deviation and extremes are those of its finite elements; NaN where there are none.</summary>
/// <param name="Mean">Mean μ.</param>
/// <param name="StandardDeviation">√(mean of (x − μ)²), without Bessel's correction.</param>
/// <param name="Smallest">Smallest element.</param>
/// <param name="Largest">Largest element.</param>
/// <param name="ZeroShare">Share of elements that are 0, of all: 0 to 1.</param>
/// <param name="NonFiniteShare">Share of elements that are NaN or infinite, of all: 0 to 1.</param>
public sealed record ActivationStatistics(double Mean, double StandardDeviation, double Smallest, double Largest, double ZeroShare, double NonFiniteShare)
{
    /// <summary>Root mean square of the finite elements, √(μ² + σ²).</summary>
    public double RootMeanSquare => double.Hypot(Mean, StandardDeviation);

    /// <summary>Computes the numbers where the activation is, without waiting for them.</summary>
    /// <param name="x">The activation, of any shape and type.</param>
    /// <returns>The parameters in their order, [6], in the caller's dispose scope.</returns>
    internal static Tensor Compute(Tensor x)
    {
        using var scope = NewDisposeScope();
        using var mode = no_grad();

        var values = Real(x.detach());
        var isFinite = values.isfinite();
        var count = isFinite.sum(values.dtype);                                                              // []
        var none = count / count;                                                                            // [], 1, or NaN where no element is finite
        var finite = values.nan_to_num(0, 0, 0);
        var mean = finite.sum() / count;                                                                     // []
        var deviation = (finite.Minus(mean).square() * isFinite).sum().div(count).sqrt();                    // []
        var smallest = Extreme(double.PositiveInfinity).min() * none;                                        // []
        var largest = Extreme(double.NegativeInfinity).max() * none;                                         // []
        var zeros = values.logical_not().mean([], type: values.dtype);                                       // []
        var nonFinite = isFinite.logical_not().mean([], type: values.dtype);                                 // []

        return stack([mean, deviation, smallest, largest, zeros, nonFinite]).to(ScalarType.Float64).MoveToOuterDisposeScope();   // [6]

        Tensor Extreme(double instead) => values.numel() == 0 ? count : values.nan_to_num(instead, instead, instead);
    }

    /// <summary>Reads what <see cref="Compute"/> computed, of many activations at once.</summary>
    /// <param name="computed">Its results.</param>
    internal static IReadOnlyList<ActivationStatistics> Read(IReadOnlyList<Tensor> computed)
    {
        if (computed.Count == 0)
            return [];
        using var scope = NewDisposeScope();

        var rows = stack([.. computed.Select(numbers => numbers.to(computed[0].device))]).cpu().data<double>().ToArray().Chunk(6);   // [n, 6]

        return [.. rows.Select(row => new ActivationStatistics(row[0], row[1], row[2], row[3], row[4], row[5]))];
    }

    /// <summary>Numbers of any type as real ones of at least 32 bits.</summary>
    internal static Tensor Real(Tensor x)
    {
        var parts = x.is_complex() ? view_as_real(x) : x;
        return parts.is_floating_point() ? parts.AtLeastFloat32() : parts.to(ScalarType.Float32);
    }
}
