namespace MlComponents;

/// <summary>The mean G of <see cref="RegionJ"/> and <see cref="BoundaryF"/>, by which DAVIS ranks: <c>G = (J + F)/2</c>.</summary>
/// <remarks>Its name is e.g. <c>region-and-boundary</c>.</remarks>
public sealed record RegionAndBoundary : BoundaryMetricDefinition
{
    /// <inheritdoc/>
    public override Metric Create(long outputs) => new MaskMetric(
        NameFor(outputs, "region-and-boundary"), outputs, this,
        (predicted, actual) => (Masks.Region(predicted, actual) + Masks.Boundary(predicted, actual, Tolerance)) / 2);
}
