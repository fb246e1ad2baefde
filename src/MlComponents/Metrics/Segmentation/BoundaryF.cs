namespace MlComponents;

/// <summary>
/// Boundary F of an image, as DAVIS measures it: <c>2PR/(P + R)</c>, where P is the share of the predicted boundary that lies near the actual
/// one, and R the share of the actual one near the predicted. The metric is the mean over images.
/// </summary>
/// <remarks>
/// A pixel is of a mask's boundary where the one to its right, below it or right below differs from it. Near is at most
/// <c>⌈tolerance·√(H² + W²)⌉</c> pixels away. Where neither mask has a boundary F is 1, where one has none it is 0. After Perazzi et al., A
/// Benchmark Dataset and Evaluation Methodology for Video Object Segmentation, 2016, by dilation in place of their bipartite matching, as
/// in their own code; ignored pixels belong to neither mask. For means over videos see <see cref="RegionJ"/>. Its name is e.g.
/// <c>boundary-f</c>.
/// </remarks>
public sealed record BoundaryF : BoundaryMetricDefinition
{
    /// <inheritdoc/>
    public override Metric Create(long outputs) =>
        new MaskMetric(NameFor(outputs, "boundary-f"), outputs, this, (predicted, actual) => Masks.Boundary(predicted, actual, Tolerance));
}
