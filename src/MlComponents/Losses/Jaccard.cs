namespace MlComponents;

/// <summary>Jaccard loss, also IoU loss: <c>1 − (I + s)/max(O + T − I + s, ε)</c> of the overlap I of predicted and true regions O and T, smoothed by s.</summary>
/// <remarks>
/// After Rahman and Wang, Optimizing Intersection-Over-Union in Deep Neural Networks for Image Segmentation, ISVC 2016. What O, T and I are, what counts, and
/// what the mean divides by, says <see cref="RegionLossDefinition"/>.
/// </remarks>
public sealed record Jaccard : RegionLossDefinition
{
    internal override Tensor Score(Tensor overlap, Tensor predicted, Tensor actual) =>
        (overlap + Smoothing) / (predicted + actual - overlap + Smoothing).clamp_min(Epsilon);
}
