namespace MlComponents.Reporting;

/// <summary>Checks confusion matrices.</summary>
internal static class SquareCounts
{
    /// <exception cref="ArgumentException">The counts are no square of as many classes as there are names.</exception>
    public static void Check(IReadOnlyList<IReadOnlyList<double>> counts, IReadOnlyList<string> classes)
    {
        ArgumentNullException.ThrowIfNull(counts);
        ArgumentNullException.ThrowIfNull(classes);
        if (counts.Count != classes.Count || counts.Any(row => row.Count != classes.Count))
            throw new ArgumentException($"There are {classes.Count} classes, but the counts are not {classes.Count} rows of as many numbers.", nameof(counts));
    }
}
