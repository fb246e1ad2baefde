using System.ComponentModel.DataAnnotations;

namespace MlComponents;

/// <summary>
/// Tversky loss: <c>1 − (I + s)/max(I + α·FP + β·FN + s, ε)</c> with <c>FP = O − I</c> predicted wrongly and <c>FN = T − I</c> missed, smoothed by s.
/// </summary>
/// <remarks>
/// After Salehi et al., arXiv 1706.05721; with an exponent γ the focal form of Abraham and Khan, arXiv 1810.07842. With α = β = ½ it is <see cref="Dice"/>, with
/// α = β = 1 <see cref="Jaccard"/>. What O, T and I are, what counts, and what the mean divides by, says <see cref="RegionLossDefinition"/>.
/// </remarks>
public sealed record Tversky : RegionLossDefinition
{
    /// <summary>Weight α of what is predicted wrongly; larger, precision counts more. At least 0; default 0.5.</summary>
    [Range(0, double.MaxValue)]
    public double Alpha { get; init; } = 0.5;

    /// <summary>Weight β of what is missed; larger, recall counts more. At least 0; default 0.5.</summary>
    [Range(0, double.MaxValue)]
    public double Beta { get; init; } = 0.5;

    /// <summary>The exponent γ of what the reduction gives: <c>mean^γ</c>, <c>sum^γ</c>, or of each class. Above 0; default 1.</summary>
    [Range(0, double.MaxValue, MinimumIsExclusive = true)]
    public double Gamma { get; init; } = 1;

    internal override Tensor Score(Tensor overlap, Tensor predicted, Tensor actual) =>
        (overlap + Smoothing) / (overlap + Alpha * (predicted - overlap) + Beta * (actual - overlap) + Smoothing).clamp_min(Epsilon);

    internal override Tensor Finish(Tensor loss)
    {
        if (Gamma == 1)
            return loss;
        var none = loss.le(0);   // there the slope of the power may be infinite
        return loss.masked_fill(none, 1).pow(Gamma).masked_fill(none, 0);
    }
}
