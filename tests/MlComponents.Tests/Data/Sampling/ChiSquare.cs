namespace MlComponents.Tests.Data;

/// <summary>Pearson's statistic: how far counts lie from those that were expected.</summary>
internal static class ChiSquare
{
    public static double Of(IReadOnlyList<long> counts, IReadOnlyList<double> expected) => counts.Zip(expected).Where(each => each.Second > 0)
        .Sum(each => (each.First - each.Second) * (each.First - each.Second) / each.Second);

    /// <summary>How far two series of as many draws lie from each other.</summary>
    public static double OfBoth(IReadOnlyList<long> first, IReadOnlyList<long> second) => first.Zip(second).Where(each => each.First + each.Second > 0)
        .Sum(each => (double)(each.First - each.Second) * (each.First - each.Second) / (each.First + each.Second));
}
