namespace MlComponents;

/// <summary>Numbers of tokens and categories, which come as floating-point features.</summary>
internal static class TokenNumbers
{
    /// <summary>The numbers as indices.</summary>
    /// <param name="x">[N, K], floating point.</param>
    /// <param name="counts">How many there are of each, int64, [K] or [].</param>
    /// <returns>int64 [N, K].</returns>
    /// <exception cref="ArgumentException">A number isn't whole or is out of range; looked at on a CPU only, where that doesn't wait for a device.</exception>
    public static Tensor Of(Tensor x, Tensor counts)
    {
        using var scope = NewDisposeScope();

        var numbers = x.to(ScalarType.Int64);
        if (x.device_type == DeviceType.CPU)
        {
            var wrong = numbers.ne(x).logical_or(numbers.lt(0)).logical_or(numbers.ge(counts));
            if (wrong.any().item<bool>())
                throw new ArgumentException(
                    $"{x.masked_select(wrong)[0].ToDouble()} is no number of a token or category: allowed are whole numbers of at least 0 and below "
                    + $"{counts.expand_as(x).masked_select(wrong)[0].ToInt64()}.", nameof(x));
        }

        return numbers.MoveToOuterDisposeScope();
    }
}
