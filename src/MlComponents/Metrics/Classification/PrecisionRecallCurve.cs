namespace MlComponents;

/// <summary>
/// Precision and recall of one class over the thresholds of its score, from that which finds most to that which finds none, and their average precision.
/// </summary>
/// <remarks>
/// <see cref="Compute"/> has a point per different score, and needs all scores at once. <see cref="PrecisionRecallBins"/> adds up batches for thresholds that are chosen
/// beforehand, in a memory that doesn't grow. Points and average precision are those of scikit-learn and of torchmetrics, but for a threshold above every score, where
/// the precision is 1 as it is at the end of the curve, and torchmetrics says 0.
/// </remarks>
public sealed class PrecisionRecallCurve
{
    private const string Subject = "The precision/recall curve";

    /// <param name="thresholds">Rising.</param>
    /// <param name="positives">Positive elements from each threshold up to the next.</param>
    /// <param name="negatives">Negative elements from each threshold up to the next.</param>
    /// <param name="allPositives">All positive elements, those below the first threshold too.</param>
    /// <param name="allNegatives">All negative elements.</param>
    internal PrecisionRecallCurve(IReadOnlyList<double> thresholds, double[] positives, double[] negatives, double allPositives, double allNegatives)
    {
        (Positives, Negatives) = (allPositives, allNegatives);
        var points = new PrecisionRecallPoint[thresholds.Count + 1];
        points[^1] = Point(double.PositiveInfinity, 0, 0);
        for (var i = thresholds.Count - 1; i >= 0; i--)
            points[i] = Point(thresholds[i], points[i + 1].TruePositives + positives[i], points[i + 1].FalsePositives + negatives[i]);
        Points = points;
        AveragePrecision = points.Zip(points.Skip(1), (point, next) => (point.Recall - next.Recall) * point.Precision).Sum();
    }

    /// <summary>The points, by rising threshold and falling recall. The last has the threshold +∞, the precision 1 and the recall 0.</summary>
    public IReadOnlyList<PrecisionRecallPoint> Points { get; }

    /// <summary>
    /// The area under the curve as steps, Σ (Rₙ − Rₙ₊₁)·Pₙ: 0 to 1. Scores that say nothing have about the share of positive elements. NaN where none is positive.
    /// </summary>
    public double AveragePrecision { get; }

    /// <summary>Sum of the weights of the positive elements.</summary>
    public double Positives { get; }

    /// <summary>Sum of the weights of the negative elements.</summary>
    public double Negatives { get; }

    /// <summary>The exact curve, whose thresholds are the scores that occur. Waits for the device.</summary>
    /// <param name="scores">Scores of one class, [N, ...] or [N, 1, ...], in any unit: logits as well as probabilities. A NaN reaches no threshold.</param>
    /// <param name="positive">Whether each element is of the class, [N, ...]: bool, or in any dtype a number that is above 0.5 where it is.</param>
    /// <param name="weight">Weight of each example, float [N], at least 0, or null for all ones. Examples of weight 0 have no threshold.</param>
    /// <exception cref="ArgumentException">The shapes don't fit together.</exception>
    public static PrecisionRecallCurve Compute(Tensor scores, Tensor positive, Tensor? weight = null)
    {
        using var scope = NewDisposeScope();
        using var inference = no_grad();

        var score = MetricInput.Numbers(Subject, scores, positive).flatten();                      // [M]
        var label = positive.to(ScalarType.Float64).gt(0.5).to(ScalarType.Float64).flatten();      // [M]
        var weights = MetricInput.Weights(Subject, weight, positive).flatten();                    // [M]
        var (ofPositives, ofNegatives) = (weights * label, weights * (1 - label));                 // [M]
        var ranked = score.isnan().logical_not().logical_and(weights.gt(0));                       // [M]
        var (levels, level, _) = unique(score[ranked], return_inverse: true);                      // [L] rising, [R]
        var none = zeros([levels.numel()], ScalarType.Float64, score.device);                      // [L]

        return new(
            Numbers(levels), Numbers(none.index_add(0, level!, ofPositives[ranked], 1)), Numbers(none.index_add(0, level!, ofNegatives[ranked], 1)),
            ofPositives.sum().item<double>(), ofNegatives.sum().item<double>());

        static double[] Numbers(Tensor x) => x.to(ScalarType.Float64).cpu().data<double>().ToArray();
    }

    /// <summary>The curve of elements that were counted by their score.</summary>
    /// <param name="thresholds">Rising scores.</param>
    /// <param name="positives">Number, or sum of the weights, of the positive elements from each threshold up to the next, [thresholds].</param>
    /// <param name="negatives">The same of the negative elements, [thresholds].</param>
    /// <exception cref="ArgumentException">The lists have different lengths, or the thresholds don't rise.</exception>
    public static PrecisionRecallCurve OfCounts(IReadOnlyList<double> thresholds, IReadOnlyList<double> positives, IReadOnlyList<double> negatives)
    {
        ArgumentNullException.ThrowIfNull(thresholds);
        ArgumentNullException.ThrowIfNull(positives);
        ArgumentNullException.ThrowIfNull(negatives);
        if (positives.Count != thresholds.Count || negatives.Count != thresholds.Count)
            throw new ArgumentException($"There are {thresholds.Count} thresholds, but counts of {positives.Count} and {negatives.Count}: give one of each per threshold.", nameof(thresholds));
        if (thresholds.Zip(thresholds.Skip(1)).Any(pair => !(pair.First < pair.Second)))
            throw new ArgumentException("The thresholds don't rise: give them in order, each once.", nameof(thresholds));
        return new(thresholds, [.. positives], [.. negatives], positives.Sum(), negatives.Sum());
    }

    private PrecisionRecallPoint Point(double threshold, double found, double wrong) =>
        new(threshold, new Ratio(found, found + wrong).Or(1), new Ratio(found, Positives).Or(double.NaN), found, wrong);
}
