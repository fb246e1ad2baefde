namespace MlComponents;

/// <summary>Full names of metrics: the pass, a slash, the metric's own name.</summary>
public static class MetricNames
{
    private const string ValidationPrefix = "validation/";

    /// <summary>Mean loss of the batches of an epoch as they were trained on, each weighted by its number of rows.</summary>
    public const string TrainLoss = "train/loss";

    /// <summary>
    /// Mean loss over all validation rows, also where training minimises a sum (<see cref="Reduction.Sum"/>). It is exact, whatever the batches are, for losses of
    /// each element on its own; a loss of regions or of the hardest pixels is a mean of the batches' losses, weighted by what counts in them.
    /// </summary>
    public const string ValidationLoss = "validation/loss";

    /// <summary>The full name of a named term of the training loss, e.g. <c>train/loss/dice</c>: its mean like that of <see cref="TrainLoss"/>, without its weight.</summary>
    public static string TrainTerm(string term) => $"{TrainLoss}/{term}";

    /// <summary>The full name of a named term of the validation loss, e.g. <c>validation/loss/dice</c>: its mean like that of <see cref="ValidationLoss"/>, without its weight.</summary>
    public static string ValidationTerm(string term) => $"{ValidationLoss}/{term}";

    /// <summary>The full name of a metric over the validation rows, e.g. <c>validation/accuracy</c>.</summary>
    public static string Validation(string metric) => ValidationPrefix + metric;

    /// <summary>The full name of a validation metric of the averaged weights, e.g. <c>validation/ema/loss</c> for <c>validation/loss</c>.</summary>
    /// <param name="average">A word for the average, its <see cref="WeightAverageDefinition.MetricPrefix"/>.</param>
    /// <param name="metric">The full name of the metric of the weights themselves.</param>
    public static string OfAverage(string average, string metric)
    {
        ArgumentNullException.ThrowIfNull(metric);
        return Validation($"{average}/{metric[ValidationPrefix.Length..]}");
    }

    /// <summary>Whether a full name is that of a metric of the averaged weights.</summary>
    internal static bool IsOfAverage(string average, string metric) => metric.StartsWith(Validation($"{average}/"), StringComparison.Ordinal);
}
