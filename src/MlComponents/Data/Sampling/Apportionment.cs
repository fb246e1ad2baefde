namespace MlComponents;

/// <summary>Whole numbers for shares that aren't whole.</summary>
internal static class Apportionment
{
    /// <summary>Rounds every share down, then gives what is missing to those with the largest remainders, one each.</summary>
    /// <param name="shares">One for each part, at least 0.</param>
    /// <param name="total">The sum to reach: at least that of the shares rounded down.</param>
    /// <param name="order">The parts, in the order in which those of equal remainders come.</param>
    /// <param name="most">The most that each part can have. Null, the default: any number; with it the sum may stay below the total.</param>
    public static long[] LargestRemainder(IReadOnlyList<double> shares, long total, IEnumerable<long> order, IReadOnlyList<long>? most = null)
    {
        long[] whole = [.. shares.Select((share, part) => Math.Min((long)share, most?[part] ?? long.MaxValue))];
        var missing = (int)Math.Min(whole.Length, total - whole.Sum());
        foreach (var part in order.Where(part => whole[part] < (most?[(int)part] ?? long.MaxValue)).OrderByDescending(part => shares[(int)part] - whole[part]).Take(missing).ToList())
            whole[part]++;
        return whole;
    }
}
