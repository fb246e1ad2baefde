using System.ComponentModel.DataAnnotations;

namespace MlComponents;

/// <summary>
/// Local response normalization across channels: <c>y_c = x_c/(k + α/n·Σ x_j²)^β</c>, the sum over the n channels j around c (from <c>c − n/2</c> to
/// <c>c + (n − 1)/2</c>, rounded down), those beyond the ends being 0.
/// </summary>
/// <remarks>
/// After Krizhevsky et al., ImageNet Classification with Deep Convolutional Neural Networks (2012), section 3.3, in PyTorch's form, which divides α by n: the
/// paper's α of 1e-4 with n = 5 is 5e-4 here, and its k is 2. Nothing is trained; train and eval mode are the same.
/// </remarks>
public sealed record LocalResponseNorm : NormalizationDefinition
{
    /// <summary>Channels n in a sum. At least 1; default 5.</summary>
    [Range(1, int.MaxValue)]
    public int Size { get; init; } = 5;

    /// <summary>Weight α of the mean square. At least 0; default 1e-4.</summary>
    [Range(0.0, double.MaxValue)]
    public double Alpha { get; init; } = 1e-4;

    /// <summary>Exponent β. At least 0; default 0.75.</summary>
    [Range(0.0, double.MaxValue)]
    public double Beta { get; init; } = 0.75;

    /// <summary>Offset k. Above 0; default 1.</summary>
    [Range(0.0, double.MaxValue, MinimumIsExclusive = true)]
    public double K { get; init; } = 1;

    /// <inheritdoc/>
    public override bool ReplacesBias => false;

    /// <inheritdoc/>
    public override nn.Module<Tensor, Tensor> Create(long channels, int dimensions)
    {
        CheckChannels(channels, dimensions);
        return new LocalResponseNormLayer(this, channels, dimensions);
    }

    /// <inheritdoc/>
    public override (long Parameters, long Buffers) Count(long channels) => (0, 0);
}

/// <summary>The live <see cref="LocalResponseNorm"/>: [N, C, ...] or, with the channels last, [N, ..., C], to the same shape.</summary>
internal sealed class LocalResponseNormLayer(LocalResponseNorm options, long channels, int dimensions)
    : NormalizationLayer(nameof(LocalResponseNorm), channels, dimensions, axis: 1)
{
    protected override Tensor Normalize(Tensor x)
    {
        var y = x.dim() > 2 ? x : x.unsqueeze(-1);   // [N, C, ...], of at least one position
        var wide = y.AtLeastFloat32();               // what libtorch makes it of has no half precision on a CPU
        return nn.functional.local_response_norm(wide, options.Size, options.Alpha, options.Beta, options.K).to(x.dtype).view_as(x);
    }
}
