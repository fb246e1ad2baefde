namespace MlComponents;

/// <summary>Sums, and products with numbers, for what runs in every step: their scalars live until libtorch has read them.</summary>
/// <remarks>TorchSharp's operators make scalars that nothing holds on to, also of <c>a + b</c>: a collection on another thread may free one before it is read, which ends the run or the process.</remarks>
internal static class HeldScalars
{
    private static readonly Scalar one = 1;
    private static readonly Scalar minusOne = -1;

    /// <summary><c>a + b</c>.</summary>
    public static Tensor Plus(this Tensor a, Tensor b) => a.add(b, one);

    /// <summary><c>a − b</c>.</summary>
    public static Tensor Minus(this Tensor a, Tensor b) => a.add(b, minusOne);

    /// <summary><c>a ← a + b</c>.</summary>
    public static void Increase(this Tensor a, Tensor b) => a.add_(b, one);

    /// <summary><c>a·k</c>.</summary>
    public static Tensor Times(this Tensor a, double k)
    {
        using Scalar held = k;
        return a.mul(held);
    }
}
