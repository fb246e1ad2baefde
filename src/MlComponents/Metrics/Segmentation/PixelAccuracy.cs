namespace MlComponents;

/// <summary>Share of the pixels of all images whose class is predicted.</summary>
/// <remarks>It is <see cref="Accuracy"/> by the name that segmentation has for it, <c>pixel-accuracy</c>.</remarks>
public sealed record PixelAccuracy : ClassMetricDefinition
{
    /// <inheritdoc/>
    public override Metric Create(long outputs) => new AccuracyMetric("pixel-accuracy", outputs, IgnoreIndex);
}
