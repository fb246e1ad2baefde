using System.ComponentModel.DataAnnotations;

namespace MlComponents;

/// <summary>Batch normalization: <c>y = γ·(x − μ)/√(σ² + ε) + β</c> with each channel's mean and variance over the batch and all positions.</summary>
/// <remarks>
/// After Ioffe and Szegedy (arXiv 1502.03167). In eval mode running estimates take the place of μ and σ². One value per channel, as a batch of
/// one row has, can't be normalized in train mode. State-dict keys: <c>weight</c>, <c>bias</c>, <c>running_mean</c>, <c>running_var</c>, <c>num_batches_tracked</c>.
/// </remarks>
public sealed record BatchNorm : NormalizationDefinition
{
    /// <summary>Added to the variance. Above 0 and at most 1; default 1e-5.</summary>
    [Range(0.0, 1.0, MinimumIsExclusive = true)]
    public double Epsilon { get; init; } = 1e-5;

    /// <summary>Share of the new batch in the running estimates. Above 0 and at most 1; default 0.1.</summary>
    [Range(0.0, 1.0, MinimumIsExclusive = true)]
    public double Momentum { get; init; } = 0.1;

    /// <summary>Whether each channel has a trainable scale γ and shift β. Default: true.</summary>
    public bool Affine { get; init; } = true;

    /// <inheritdoc/>
    public override nn.Module<Tensor, Tensor> Create(long channels, int dimensions)
    {
        CheckChannels(channels, dimensions);
        return dimensions switch
        {
            2 => nn.BatchNorm2d(channels, Epsilon, Momentum, Affine),
            3 => nn.BatchNorm3d(channels, Epsilon, Momentum, Affine),
            _ => nn.BatchNorm1d(channels, Epsilon, Momentum, Affine),
        };
    }

    /// <inheritdoc/>
    public override (long Parameters, long Buffers) Count(long channels) => (Affine ? 2 * channels : 0, 2 * channels + 1);
}
