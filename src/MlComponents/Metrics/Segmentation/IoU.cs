namespace MlComponents;

/// <summary>
/// Intersection over union of a class: <c>TP / (TP + FP + FN)</c>, also called the Jaccard index; NaN where the class doesn't occur.
/// </summary>
/// <remarks>
/// The counts are those of all examples of a pass together; <see cref="RegionJ"/> is the mean over images. Its name is e.g. <c>iou</c>.
/// </remarks>
public sealed record IoU : OneClassMetricDefinition
{
    /// <inheritdoc/>
    public override Metric Create(long outputs) =>
        new ConfusionMetric(NameFor(outputs, "iou"), outputs, IgnoreIndex, ClassTally.IoU) { Class = Class };
}
