namespace MlComponents;

/// <summary>Counts, precision and recall of one class at each threshold, from 0 to 1: yes is what has a probability of at least the threshold.</summary>
/// <param name="TruePositives">[T].</param>
/// <param name="FalsePositives">[T].</param>
/// <param name="TrueNegatives">[T].</param>
/// <param name="FalseNegatives">[T].</param>
internal sealed record PrecisionRecallValues(double[] TruePositives, double[] FalsePositives, double[] TrueNegatives, double[] FalseNegatives)
{
    private const double Tiny = 1e-7;   // TensorBoard's: where nothing is called positive the precision is 1

    public int Thresholds => TruePositives.Length;

    public IEnumerable<double> Precision => TruePositives.Zip(FalsePositives, (tp, fp) => Math.Max(Tiny, tp) / Math.Max(Tiny, tp + fp));

    public IEnumerable<double> Recall => TruePositives.Zip(FalseNegatives, (tp, fn) => tp / Math.Max(Tiny, tp + fn));

    /// <summary>The curve of rows that are counted by the largest threshold that they reach.</summary>
    public static PrecisionRecallValues Of(double[] positives, double[] negatives)
    {
        var tp = AtLeast(positives);
        var fp = AtLeast(negatives);
        return new(tp, fp, [.. fp.Select(value => fp[0] - value)], [.. tp.Select(value => tp[0] - value)]);
    }

    private static double[] AtLeast(double[] counts)
    {
        var sums = new double[counts.Length];
        var sum = 0.0;
        for (var i = counts.Length - 1; i >= 0; i--)
            sums[i] = sum += counts[i];
        return sums;
    }
}
