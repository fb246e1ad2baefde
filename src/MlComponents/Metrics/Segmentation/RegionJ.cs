namespace MlComponents;

/// <summary>
/// Region similarity J of an image, the intersection over union of its masks, as DAVIS measures it: 1 where both masks are empty. The metric is the mean over images.
/// </summary>
/// <remarks>
/// After Perazzi et al., A Benchmark Dataset and Evaluation Methodology for Video Object Segmentation, 2016. DAVIS takes the mean over videos of the mean over their frames, and
/// leaves out the first and the last frame: measure each video in a pass of its own for that. Ignored pixels belong to neither mask. Its name is e.g. <c>region-j</c>.
/// </remarks>
public sealed record RegionJ : OneClassMetricDefinition
{
    /// <inheritdoc/>
    public override Metric Create(long outputs) => new RegionJMetric(NameFor(outputs, "region-j"), outputs, this);
}

/// <summary>The live <see cref="RegionJ"/>.</summary>
internal sealed class RegionJMetric(string name, long outputs, RegionJ options) : MaskMetric(name, outputs, options)
{
    protected override Tensor OfImages(Tensor predicted, Tensor actual) => Masks.Region(predicted, actual);
}
