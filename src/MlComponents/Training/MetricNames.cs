namespace MlComponents;

/// <summary>Full names of metrics: the pass, a slash, the metric's own name.</summary>
public static class MetricNames
{
    /// <summary>Mean loss of the batches of an epoch as they were trained on, each weighted by its number of rows.</summary>
    public const string TrainLoss = "train/loss";

    /// <summary>Mean loss over all validation rows.</summary>
    public const string ValidationLoss = "validation/loss";

    /// <summary>The full name of a metric over the validation rows, e.g. <c>validation/accuracy</c>.</summary>
    public static string Validation(string metric) => $"validation/{metric}";
}
