namespace MlComponents;

/// <summary>Dice loss: <c>1 − (2·I + 2·s)/max(O + T + 2·s, 2·ε)</c> of the overlap I of predicted and true regions O and T, smoothed by s.</summary>
/// <remarks>
/// After Milletari et al., V-Net, arXiv 1606.04797, with plain sums in the divisor where the paper squares. The score is <c>(I + s)/max((O + T)/2 + s, ε)</c>,
/// the F1 of the pixels. What O, T and I are, what counts, and what the mean divides by, says <see cref="RegionLossDefinition"/>.
/// </remarks>
public sealed record Dice : RegionLossDefinition
{
    internal override Tensor Score(Tensor overlap, Tensor predicted, Tensor actual) =>
        (overlap + Smoothing) / ((predicted + actual) / 2 + Smoothing).clamp_min(Epsilon);
}
