namespace MlComponents.Reporting;

/// <summary>
/// How many examples, by weight, had about which score, so that a curve of any number of examples takes the same memory. The bins are even in log-odds, <c>ln(p / (1 − p))</c> from −20 to 20:
/// there, unlike between 0 and 1, the scores of a network that is sure of itself stay apart.
/// </summary>
/// <param name="Positives">Sums of the weights of the class's examples by bin, the lowest scores first.</param>
/// <param name="Negatives">Those of all others.</param>
internal sealed record ScoreHistogram(double[] Positives, double[] Negatives)
{
    /// <summary>Number of bins.</summary>
    public const int Bins = 1000;

    private const double Limit = 20;

    /// <summary>Precision over recall, with a threshold per bin that has examples.</summary>
    public PrecisionRecallCurve Curve()
    {
        List<int> bins = [.. Enumerable.Range(0, Positives.Length).Where(bin => Positives[bin] + Negatives[bin] > 0)];
        return PrecisionRecallCurve.OfCounts(
            [.. bins.Select(bin => bin * (2 * Limit / Bins) - Limit)], [.. bins.Select(bin => Positives[bin])], [.. bins.Select(bin => Negatives[bin])]);
    }

    /// <summary>The bins of log-odds.</summary>
    /// <param name="logOdds">Any shape.</param>
    /// <returns>int64, in the same shape, each at least 0 and below <see cref="Bins"/>; NaN is in the first.</returns>
    public static Tensor BinOf(Tensor logOdds)
    {
        using var scope = NewDisposeScope();

        var position = (logOdds.nan_to_num(-Limit, Limit, -Limit) + Limit) * (Bins / (2 * Limit));

        return position.floor().clamp(0, Bins - 1).to(ScalarType.Int64).MoveToOuterDisposeScope();
    }
}
