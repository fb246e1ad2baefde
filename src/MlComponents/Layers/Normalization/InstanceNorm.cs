using System.ComponentModel.DataAnnotations;

namespace MlComponents;

/// <summary>Instance normalization: <c>y = γ·(x − μ)/√(σ² + ε) + β</c> with the mean and variance of each channel of each example over its positions.</summary>
/// <remarks>
/// After Ulyanov et al. (arXiv 1607.08022). It needs at least two positions: [N, C] can't be normalized so. With <see cref="TrackRunningStatistics"/> eval
/// mode uses running estimates in place of μ and σ². State-dict keys as they apply: <c>weight</c>, <c>bias</c>, <c>running_mean</c>, <c>running_var</c>,
/// <c>num_batches_tracked</c>, which stays 0 as in PyTorch.
/// </remarks>
public sealed record InstanceNorm : NormalizationDefinition
{
    /// <summary>Added to the variance. Above 0 and at most 1; default 1e-5.</summary>
    [Range(0.0, 1.0, MinimumIsExclusive = true)]
    public double Epsilon { get; init; } = 1e-5;

    /// <summary>Share of the new batch in the running estimates. Above 0 and at most 1; default 0.1.</summary>
    [Range(0.0, 1.0, MinimumIsExclusive = true)]
    public double Momentum { get; init; } = 0.1;

    /// <summary>Whether each channel has a trainable scale γ and shift β. Default: false.</summary>
    public bool Affine { get; init; }

    /// <summary>Whether to keep running estimates of mean and variance, and to use them in eval mode. Default: false.</summary>
    public bool TrackRunningStatistics { get; init; }

    /// <inheritdoc/>
    public override nn.Module<Tensor, Tensor> Create(long channels, int dimensions)
    {
        CheckChannels(channels, dimensions);
        return new InstanceNormLayer(this, channels, dimensions);
    }

    /// <inheritdoc/>
    public override (long Parameters, long Buffers) Count(long channels) => (Affine ? 2 * channels : 0, TrackRunningStatistics ? 2 * channels + 1 : 0);

    private protected override void CheckShape(long[] inputShape)
    {
        base.CheckShape(inputShape);
        if (!TrackRunningStatistics)
            CheckPositions(LayerShapes.Size(inputShape) / inputShape[0], inputShape);
    }

    /// <exception cref="ArgumentException">There is one position, whose value would always become the shift.</exception>
    internal static void CheckPositions(long positions, long[] shape)
    {
        if (positions == 1)
            throw new ArgumentException(
                $"InstanceNorm can't normalize one position, {Shown.Shape(shape)}: each channel of an example needs at least two; use LayerNorm or GroupNorm, which go across channels.");
    }
}

/// <summary>The live <see cref="InstanceNorm"/>: [N, C, ...] or, with the channels last, [N, ..., C], to the same shape.</summary>
internal sealed class InstanceNormLayer : RunningNormLayer
{
    private readonly double epsilon;
    private readonly double momentum;

    public InstanceNormLayer(InstanceNorm options, long channels, int dimensions)
        : base(nameof(InstanceNorm), channels, dimensions, options.Affine, options.TrackRunningStatistics)
    {
        epsilon = options.Epsilon;
        momentum = options.Momentum;
    }

    private bool OfInput => training || running_mean is null;

    protected override void Check(Tensor x)
    {
        base.Check(x);
        if (OfInput)
            InstanceNorm.CheckPositions(LayerShapes.Size(x.shape[1..]) / Channels, x.shape);
    }

    protected override Tensor Normalize(Tensor x) =>
        nn.functional.instance_norm(x, running_mean, running_var, weight, bias, OfInput, momentum, epsilon);   // [N, C, ...]
}
