using System.ComponentModel.DataAnnotations;
using TorchSharp.Modules;

namespace MlComponents;

/// <summary>Root-mean-square normalization over the channels of each position: <c>y = γ·x/√(mean(x²) + ε)</c>.</summary>
/// <remarks>
/// After Zhang and Sennrich (arXiv 1910.07467), equation 4, with ε inside the root as usual. It neither centres nor shifts. Train and eval mode are the
/// same. State-dict key: <c>weight</c>.
/// </remarks>
public sealed record RmsNorm : NormalizationDefinition
{
    /// <summary>Added to the mean square. Above 0 and at most 1; default 1e-6.</summary>
    [Range(0.0, 1.0, MinimumIsExclusive = true)]
    public double Epsilon { get; init; } = 1e-6;

    /// <summary>Whether each channel has a trainable scale γ. Default: true.</summary>
    public bool Affine { get; init; } = true;

    /// <inheritdoc/>
    public override bool ReplacesBias => false;

    /// <inheritdoc/>
    public override nn.Module<Tensor, Tensor> Create(long channels, int dimensions)
    {
        CheckChannels(channels, dimensions);
        return new RmsNormLayer(this, channels, dimensions);
    }

    /// <inheritdoc/>
    public override (long Parameters, long Buffers) Count(long channels) => (Affine ? channels : 0, 0);
}

/// <summary>The live <see cref="RmsNorm"/>: [N, C, ...] or, with the channels last, [N, ..., C], to the same shape.</summary>
internal sealed class RmsNormLayer : NormalizationLayer
{
    private readonly Parameter? weight;   // γ, [C]
    private readonly double epsilon;

    public RmsNormLayer(RmsNorm options, long channels, int dimensions) : base(nameof(RmsNorm), channels, dimensions, axis: -1)
    {
        epsilon = options.Epsilon;
        if (options.Affine)
            weight = Weights.Of(ones(channels));
        RegisterComponents();
    }

    protected override Tensor Normalize(Tensor x)
    {
        var y = x * (x.square().mean([-1], keepdim: true) + epsilon).rsqrt();   // [N, ..., C]

        return weight is null ? y : weight * y;
    }
}
