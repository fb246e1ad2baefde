namespace MlComponents;

/// <summary>
/// Mean over the classes of <see cref="IoU"/>; classes that occur neither among the labels nor among the predictions are left out of it.
/// </summary>
/// <remarks>
/// The counts are those of all examples of a pass together. A network with one output has two classes, the background and the positive one.
/// Its name is <c>mean-iou</c>.
/// </remarks>
public sealed record MeanIoU : ClassMetricDefinition
{
    /// <inheritdoc/>
    public override Metric Create(long outputs) => new ConfusionMetric("mean-iou", outputs, IgnoreIndex, ClassTally.IoU);
}
