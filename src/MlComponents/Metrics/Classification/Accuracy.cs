namespace MlComponents;

/// <summary>Share of labels that are predicted; a label that stands for no class and isn't the ignored one counts as an error.</summary>
/// <remarks>Its name is <c>accuracy</c>.</remarks>
public sealed record Accuracy : ClassMetricDefinition
{
    /// <inheritdoc/>
    public override Metric Create(long outputs) => new AccuracyMetric("accuracy", outputs, IgnoreIndex);
}

/// <summary>
/// Share of yes-or-no answers that are right, each a logit on its own: outputs and targets of one shape, [N, ...], as in tasks of several
/// labels.
/// </summary>
/// <remarks>Its name is <c>accuracy</c>. With one output it is the same as <see cref="Accuracy"/>.</remarks>
public sealed record BinaryAccuracy : ClassMetricDefinition
{
    /// <inheritdoc/>
    public override Metric Create(long outputs) => new AccuracyMetric("accuracy", outputs: 1, IgnoreIndex);
}

/// <summary>The live <see cref="Accuracy"/>, <see cref="BinaryAccuracy"/> and <see cref="PixelAccuracy"/>.</summary>
internal sealed class AccuracyMetric : WeightedMean
{
    private readonly ClassReader reader;

    public AccuracyMetric(string name, long outputs, long? ignoreIndex) : base(name, MetricDirection.Rises) =>
        reader = new(Subject, outputs, ignoreIndex);

    protected override Tensor Values(Tensor output, Tensor target)
    {
        var (scores, label) = reader.Align(output, target);                                        // [N, C, ...], [N, ...]
        return reader.Predictions(scores).eq(label);                                               // [N, ...]
    }

    protected override Tensor? Counted(Tensor target) => reader.Counted(target);
}
