using System.ComponentModel.DataAnnotations;

namespace MlComponents.MLNet;

/// <summary>How a column is normalized by its mean and variance over the rows: <c>y = γ·(x − μ)/√(σ² + ε) + β</c>.</summary>
public sealed record BatchNormalizeOptions
{
    /// <summary>ε, added to the variance, so that a constant column gives β and no NaN. Above 0 and at most 1; default 1e-5.</summary>
    [Range(0.0, 1.0, MinimumIsExclusive = true)]
    public double Epsilon { get; init; } = 1e-5;

    /// <summary>γ, by which everything is multiplied in the end. Any finite number; default 1.</summary>
    public double Scale { get; init; } = 1;

    /// <summary>β, which is added in the end. Any finite number; default 0.</summary>
    public double Shift { get; init; }

    /// <summary>
    /// Whether all positions of a channel, the column's first dimension, have one mean and variance, as an image's [C, H, W] have in networks; otherwise
    /// every number of the row has its own. Default: false.
    /// </summary>
    public bool PerChannel { get; init; }

    /// <summary>What happens to rows with a NaN or an infinity when the statistics are learnt. Default: they are an error.</summary>
    [EnumDataType(typeof(InvalidRows))]
    public InvalidRows InvalidRows { get; init; } = InvalidRows.Error;
}
