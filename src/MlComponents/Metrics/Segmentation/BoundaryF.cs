using System.ComponentModel.DataAnnotations;

namespace MlComponents;

/// <summary>
/// Boundary F of an image, as DAVIS measures it: the harmonic mean of the shares of the predicted boundary and of the actual one that lie near the other. The metric is the mean over images.
/// </summary>
/// <remarks>
/// A pixel is of a mask's boundary where the one to its right, below it or right below differs from it. Near is within a disk of radius <c>⌈tolerance·diagonal⌉</c> pixels. Where
/// both masks have no boundary F is 1, where one has none it is 0. After Perazzi et al., 2016, with their code's approximation of the bipartite matching by dilation; as there,
/// ignored pixels belong to neither mask. For means over videos see <see cref="RegionJ"/>. Its name is e.g. <c>boundary-f</c>.
/// </remarks>
public sealed record BoundaryF : OneClassMetricDefinition
{
    /// <summary>Radius of the disk as a share of the image's diagonal. At least 0 and at most 1; default 0.008.</summary>
    [Range(0.0, 1.0)]
    public double Tolerance { get; init; } = 0.008;

    /// <inheritdoc/>
    public override Metric Create(long outputs) => new BoundaryFMetric(NameFor(outputs, "boundary-f"), outputs, this);
}

/// <summary>The live <see cref="BoundaryF"/>.</summary>
internal sealed class BoundaryFMetric(string name, long outputs, BoundaryF options) : MaskMetric(name, outputs, options)
{
    protected override Tensor OfImages(Tensor predicted, Tensor actual) => Masks.Boundary(predicted, actual, options.Tolerance);
}
