namespace MlComponents.Reporting;

/// <summary>Precision over recall of one class against all others, for every threshold of its score.</summary>
public sealed class PrecisionRecallCurve
{
    private PrecisionRecallCurve(string name, IReadOnlyList<(long Positives, long Negatives)> groups)
    {
        var total = groups.Sum(group => group.Positives);
        var points = new List<PrecisionRecallPoint>();
        var (found, wrong, recall) = (0L, 0L, 0.0);
        foreach (var (positives, negatives) in groups.Where(group => group.Positives + group.Negatives > 0))
        {
            (found, wrong) = (found + positives, wrong + negatives);
            var point = new PrecisionRecallPoint((double)found / total, (double)found / (found + wrong));
            AveragePrecision += (point.Recall - recall) * point.Precision;
            recall = point.Recall;
            points.Add(point);
        }
        (Name, Points, Chance) = (name, points, (double)total / (found + wrong));
    }

    /// <summary>Name of the class.</summary>
    public string Name { get; }

    /// <summary>A point per threshold, from the highest one; recall never falls from one to the next.</summary>
    public IReadOnlyList<PrecisionRecallPoint> Points { get; }

    /// <summary>The area below the curve in steps, <c>AP = Σ (Rₙ − Rₙ₋₁)·Pₙ</c>, 0 to 1; larger is better.</summary>
    public double AveragePrecision { get; }

    /// <summary>The share of the class among all examples: the precision, at any recall, of scores that know nothing.</summary>
    public double Chance { get; }

    /// <summary>The curve of examples.</summary>
    /// <param name="name">Name of the class.</param>
    /// <param name="scores">A number per example, the larger the likelier; equal ones share a threshold.</param>
    /// <param name="labels">Whether each example is of the class.</param>
    /// <exception cref="ArgumentException">The lists have different lengths, a score is NaN, or no example is of the class.</exception>
    public static PrecisionRecallCurve Of(string name, IReadOnlyList<double> scores, IReadOnlyList<bool> labels)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(scores);
        ArgumentNullException.ThrowIfNull(labels);
        if (scores.Count != labels.Count)
            throw new ArgumentException($"There are {scores.Count} scores, but {labels.Count} labels: give one of each per example.", nameof(labels));
        if (scores.Any(double.IsNaN))
            throw new ArgumentException("A score is NaN, which is neither above nor below a threshold: leave such examples out.", nameof(scores));
        if (!labels.Contains(true))
            throw new ArgumentException($"No example is of the class '{name}', so that it has no recall: leave it out.", nameof(labels));

        var groups = scores.Zip(labels).GroupBy(example => example.First, example => example.Second).OrderByDescending(group => group.Key);
        return new(name, [.. groups.Select(group => (group.LongCount(label => label), group.LongCount(label => !label)))]);
    }

    /// <summary>The curve of counted scores.</summary>
    /// <param name="name">Name of the class.</param>
    /// <param name="scores">The counts; at least one example is of the class.</param>
    internal static PrecisionRecallCurve Of(string name, ScoreHistogram scores) => new(name, [.. scores.Positives.Zip(scores.Negatives).Reverse()]);
}
