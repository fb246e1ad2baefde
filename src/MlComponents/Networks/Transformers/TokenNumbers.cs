namespace MlComponents;

/// <summary>Numbers of tokens and categories, which come as floating-point features.</summary>
internal static class TokenNumbers
{
    // The whole numbers up to 2⁸ are bfloat16 numbers; of larger ones some aren't.
    private const int LargestBFloat16Count = 257;

    /// <summary>Checks that all numbers below a count are numbers of the features' type.</summary>
    /// <exception cref="ArgumentException">They aren't: tokens would be taken for others.</exception>
    public static void CheckType(ScalarType type, int count)
    {
        if (type == ScalarType.BFloat16 && count > LargestBFloat16Count)
            throw new ArgumentException(
                $"There are {count} tokens or categories, but bfloat16 can tell at most {LargestBFloat16Count} apart: train with {nameof(TrainingPrecision.BFloat16Mixed)}, which leaves the features in float32.");
    }

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
                    $"{x.masked_select(wrong)[0].Number()} is no number of a token or category: allowed are whole numbers of at least 0 and below "
                    + $"{counts.expand_as(x).masked_select(wrong)[0].item<long>()}.", nameof(x));
        }

        return numbers.MoveToOuterDisposeScope();
    }
}
