using System.ComponentModel.DataAnnotations;

namespace MlComponents;

/// <summary>Describes a metric of boundaries that count as equal where they are near each other.</summary>
public abstract record BoundaryMetricDefinition : OneClassMetricDefinition
{
    /// <summary>
    /// How far is near: radius of a disk, as a share of the image's diagonal. At least 0 and at most 1; default 0.008, as in DAVIS.
    /// </summary>
    [Range(0.0, 1.0)]
    public double Tolerance { get; init; } = 0.008;
}
