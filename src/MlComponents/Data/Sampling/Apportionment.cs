namespace MlComponents;

/// <summary>Whole numbers for shares that aren't whole.</summary>
internal static class Apportionment
{
    private const int Decimals = 9;   // beyond them there is only what arithmetic left over, which must not decide

    /// <summary>A total in proportion to weights.</summary>
    public static double[] Shares(IReadOnlyList<double> weights, double total)
    {
        var sum = weights.Sum();
        return [.. weights.Select(weight => Math.Round(total * (weight / sum), Decimals))];
    }

    /// <summary>Rounds every share down, then gives what is missing to those with the largest remainders, one each.</summary>
    /// <param name="shares">One for each part, at least 0.</param>
    /// <param name="total">The sum to reach: at least that of the shares rounded down.</param>
    /// <param name="order">The parts, in the order in which those of equal remainders come.</param>
    /// <param name="most">The most that each part can have, with which the sum may stay below the total. Null, the default: any number.</param>
    public static long[] LargestRemainder(IReadOnlyList<double> shares, long total, IEnumerable<long> order, IReadOnlyList<long>? most = null)
    {
        long[] whole = [.. shares.Select((share, part) => Math.Min((long)share, Most(part)))];
        var candidates = order.Where(part => whole[part] < Math.Min(shares[(int)part], Most(part))).OrderByDescending(part => shares[(int)part] - whole[part]).ToList();
        foreach (var part in candidates.Take((int)(total - whole.Sum())))
            whole[part]++;
        return whole;

        long Most(long part) => most?[(int)part] ?? long.MaxValue;
    }
}
