namespace MlComponents;

/// <summary>The distribution Beta(α, α).</summary>
internal static class SymmetricBeta
{
    /// <summary>Numbers of the distribution from two uniform ones each, so that every example needs as many.</summary>
    /// <remarks>
    /// A Student t of 2α degrees of freedom is <c>√(2α·(u^(−1/α) − 1))·cos(2πv)</c> (Bailey, Polar generation of random variates with the t-distribution, 1994), and
    /// <c>½·(1 + t/√(2α + t²))</c> of it is Beta(α, α) (Devroye, Random variate generation in one line of code, 1996). Nothing here is an approximation.
    /// </remarks>
    /// <param name="u">Uniform random numbers, at least 0 and below 1, [N].</param>
    /// <param name="v">Others, [N].</param>
    /// <param name="alpha">α, above 0.</param>
    /// <returns>float32 [N], from 0 to 1.</returns>
    public static Tensor From(Tensor u, Tensor v, double alpha)
    {
        using var scope = NewDisposeScope();

        var cos = (2 * Math.PI * v.to(ScalarType.Float64)).cos();                                  // [N], never exactly 0
        var radius = (1 - u.to(ScalarType.Float64)).pow(-1 / alpha) - 1;                           // [N], t² = 2α·radius·cos², infinite for a small α
        var half = cos.sign() / (1 + 1 / (radius * cos.square())).sqrt();                          // [N], t/√(2α + t²), which is 0 or ±1 at its ends, and never NaN

        return (0.5 * (1 + half)).to(ScalarType.Float32).MoveToOuterDisposeScope();                // [N]
    }
}
