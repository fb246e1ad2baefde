using System.ComponentModel.DataAnnotations;

namespace MlComponents;

/// <summary>The mean G of <see cref="RegionJ"/> and <see cref="BoundaryF"/>, <c>G = (J + F)/2</c>, by which DAVIS ranks.</summary>
/// <remarks>Its name is e.g. <c>region-and-boundary</c>.</remarks>
public sealed record RegionAndBoundary : OneClassMetricDefinition
{
    /// <summary>As for <see cref="BoundaryF"/>: a share of the image's diagonal. At least 0 and at most 1; default 0.008.</summary>
    [Range(0.0, 1.0)]
    public double Tolerance { get; init; } = 0.008;

    /// <inheritdoc/>
    public override Metric Create(long outputs) => new RegionAndBoundaryMetric(NameFor(outputs, "region-and-boundary"), outputs, this);
}

/// <summary>The live <see cref="RegionAndBoundary"/>.</summary>
internal sealed class RegionAndBoundaryMetric(string name, long outputs, RegionAndBoundary options) : MaskMetric(name, outputs, options)
{
    protected override Tensor OfImages(Tensor predicted, Tensor actual) =>
        (Masks.Region(predicted, actual) + Masks.Boundary(predicted, actual, options.Tolerance)) / 2;
}
