using System.ComponentModel.DataAnnotations;
using TorchSharp.Modules;

namespace MlComponents;

/// <summary>Layer normalization over the channels of each position: <c>y = γ·(x − μ)/√(σ² + ε) + β</c>.</summary>
/// <remarks>
/// After Ba et al. (arXiv 1607.06450). For [N, C] and [N, L, C] it is PyTorch's <c>LayerNorm(C)</c>; for maps, channels first, it is ConvNeXt's form
/// (Liu et al., arXiv 2201.03545), where each pixel is normalized by itself. Train and eval mode are the same. State-dict keys: <c>weight</c>, <c>bias</c>.
/// </remarks>
public sealed record LayerNorm : NormalizationDefinition
{
    /// <summary>Added to the variance. Above 0 and at most 1; default 1e-5.</summary>
    [Range(0.0, 1.0, MinimumIsExclusive = true)]
    public double Epsilon { get; init; } = 1e-5;

    /// <summary>Whether each channel has a trainable scale γ and shift β. Default: true.</summary>
    public bool Affine { get; init; } = true;

    /// <inheritdoc/>
    public override bool ReplacesBias => Affine;

    /// <inheritdoc/>
    public override nn.Module<Tensor, Tensor> Create(long channels, int dimensions)
    {
        CheckChannels(channels, dimensions);
        return new LayerNormLayer(this, channels, dimensions);
    }

    /// <inheritdoc/>
    public override (long Parameters, long Buffers) Count(long channels) => (Affine ? 2 * channels : 0, 0);
}

/// <summary>The live <see cref="LayerNorm"/>: [N, C, ...] or, with the channels last, [N, ..., C], to the same shape.</summary>
internal sealed class LayerNormLayer : NormalizationLayer
{
    private readonly Parameter? weight;   // γ, [C]
    private readonly Parameter? bias;     // β, [C]
    private readonly double epsilon;

    public LayerNormLayer(LayerNorm options, long channels, int dimensions) : base(nameof(LayerNorm), channels, dimensions, axis: -1)
    {
        epsilon = options.Epsilon;
        if (options.Affine)
        {
            weight = Weights.Of(ones(channels));
            bias = Weights.Of(zeros(channels));
        }
        RegisterComponents();
    }

    protected override Tensor Normalize(Tensor x) => nn.functional.layer_norm(x, [Channels], weight, bias, epsilon);   // [N, ..., C]
}
