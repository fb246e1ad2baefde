namespace MlComponents;

/// <summary>
/// Region similarity J of an image, the intersection over union of its masks, as DAVIS measures it: 1 where both masks are empty. The metric
/// is the mean over images.
/// </summary>
/// <remarks>
/// After Perazzi et al., A Benchmark Dataset and Evaluation Methodology for Video Object Segmentation, 2016. Ignored pixels belong to neither
/// mask. DAVIS itself takes the mean over videos of the mean over their frames, without the first and the last one: for that, measure each
/// video in a pass of its own. Its name is e.g. <c>region-j</c>.
/// </remarks>
public sealed record RegionJ : OneClassMetricDefinition
{
    /// <inheritdoc/>
    public override Metric Create(long outputs) => new MaskMetric(NameFor(outputs, "region-j"), outputs, this, Masks.Region);
}
