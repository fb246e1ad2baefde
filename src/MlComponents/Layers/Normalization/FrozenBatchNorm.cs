using System.ComponentModel.DataAnnotations;

namespace MlComponents;

/// <summary>Batch normalization that never changes: <c>y = γ·(x − μ)/√(σ² + ε) + β</c> with all four fixed, in train mode too.</summary>
/// <remarks>
/// For fine-tuning with batches too small for statistics. It starts as the identity up to ε and is meant to get the state dict of a trained
/// <see cref="BatchNorm"/>, whose keys it has: <c>weight</c>, <c>bias</c>, <c>running_mean</c> and <c>running_var</c>, here all of them buffers, and
/// <c>num_batches_tracked</c>, which is kept and saved but counts nothing, so that weights of either kind fit the other. (torchvision's FrozenBatchNorm2d
/// drops that key.) A layer before it has no bias, as before a batch normalization, so that the weights of the whole fit too.
/// </remarks>
public sealed record FrozenBatchNorm : NormalizationDefinition
{
    /// <summary>Added to the variance. Above 0 and at most 1; default 1e-5.</summary>
    [Range(0.0, 1.0, MinimumIsExclusive = true)]
    public double Epsilon { get; init; } = 1e-5;

    /// <inheritdoc/>
    public override nn.Module<Tensor, Tensor> Create(long channels, int dimensions)
    {
        CheckChannels(channels, dimensions);
        return new FrozenBatchNormLayer(this, channels, dimensions);
    }

    /// <inheritdoc/>
    public override (long Parameters, long Buffers) Count(long channels) => (0, 4 * channels + 1);
}

/// <summary>The live <see cref="FrozenBatchNorm"/>: [N, C, ...] or, with the channels last, [N, ..., C], to the same shape.</summary>
internal sealed class FrozenBatchNormLayer : NormalizationLayer
{
    private readonly Tensor weight;                // γ, [C]
    private readonly Tensor bias;                  // β, [C]
    private readonly Tensor running_mean;          // μ, [C]
    private readonly Tensor running_var;           // σ², [C]
    private readonly Tensor num_batches_tracked;   // [], of the training before
    private readonly double epsilon;

    public FrozenBatchNormLayer(FrozenBatchNorm options, long channels, int dimensions) : base(nameof(FrozenBatchNorm), channels, dimensions, axis: -1)
    {
        epsilon = options.Epsilon;
        register_buffer(nameof(weight), weight = ones(channels).DetachFromDisposeScope());
        register_buffer(nameof(bias), bias = zeros(channels).DetachFromDisposeScope());
        register_buffer(nameof(running_mean), running_mean = zeros(channels).DetachFromDisposeScope());
        register_buffer(nameof(running_var), running_var = ones(channels).DetachFromDisposeScope());
        register_buffer(nameof(num_batches_tracked), num_batches_tracked = tensor(0L).DetachFromDisposeScope());
        RegisterComponents();
    }

    protected override Tensor Normalize(Tensor x)
    {
        var scale = weight * (running_var + epsilon).rsqrt();   // [C]
        var shift = bias - running_mean * scale;                // [C]

        return x * scale + shift;                               // [N, ..., C]
    }
}
