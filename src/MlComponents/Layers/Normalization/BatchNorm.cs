using System.ComponentModel.DataAnnotations;

namespace MlComponents;

/// <summary>Batch normalization: <c>y = γ·(x − μ)/√(σ² + ε) + β</c> with each channel's mean and variance over the batch and all positions.</summary>
/// <remarks>
/// After Ioffe and Szegedy (arXiv 1502.03167). Of [N, L, C] the positions L count like rows. In eval mode running estimates take the place of μ and σ²; they
/// begin at 0 and 1, and the new σ² enters with n/(n − 1), n being the values per channel. One value per channel, as a batch of one row has, can't be normalized
/// in train mode. State-dict keys: <c>weight</c>, <c>bias</c>, <c>running_mean</c>, <c>running_var</c>, <c>num_batches_tracked</c>.
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
        return new BatchNormLayer(this, channels, dimensions);
    }

    /// <inheritdoc/>
    public override (long Parameters, long Buffers) Count(long channels) => (Affine ? 2 * channels : 0, 2 * channels + 1);
}

/// <summary>The live <see cref="BatchNorm"/>: [N, C, ...] or, with the channels last, [N, ..., C], to the same shape.</summary>
internal sealed class BatchNormLayer : RunningNormLayer
{
    private readonly double epsilon;
    private readonly double momentum;

    public BatchNormLayer(BatchNorm options, long channels, int dimensions) : base(nameof(BatchNorm), channels, dimensions, options.Affine, track: true)
    {
        epsilon = options.Epsilon;
        momentum = options.Momentum;
    }

    protected override void Check(Tensor x)
    {
        base.Check(x);
        if (training && x.numel() == Channels)
            throw new ArgumentException(
                $"BatchNorm can't normalize one value per channel in train mode, {Shown.Shape(x.shape)}: use a larger batch, eval mode, or a normalization of each example, e.g. GroupNorm; training with DropLast leaves out a smaller last batch.");
    }

    protected override Tensor Normalize(Tensor x)
    {
        if (training)
            num_batches_tracked!.add_(1);

        return nn.functional.batch_norm(x, running_mean!, running_var!, weight, bias, training, momentum, epsilon);   // [N, C, ...]
    }
}
