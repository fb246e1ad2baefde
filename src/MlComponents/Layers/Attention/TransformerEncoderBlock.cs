using System.ComponentModel.DataAnnotations;
using TorchSharp.Modules;

namespace MlComponents;

/// <summary>A block of a transformer's encoder: self-attention, then a network of two linear layers for each token, each around a residual connection.</summary>
/// <remarks>
/// After Vaswani et al. (arXiv 1706.03762); with the normalization first, as here by default, after Xiong et al. (arXiv 2002.04745):
/// <c>x ← x + attention(norm1(x))</c>, <c>x ← x + linear2(activation(linear1(norm2(x))))</c>. With it last: <c>x ← norm1(x + attention(x))</c> and so on.
/// Gated, the first layer makes twice as many units u and v, and the second sees <c>u·activation(v)</c> (Shazeer, arXiv 2002.05202). Examples are L
/// tokens of C channels, [L, C]; the shape stays. State-dict keys: <c>norm1</c>, <c>attention</c>, <c>norm2</c>, <c>linear1</c>, <c>linear2</c>.
/// </remarks>
public sealed record TransformerEncoderBlock : LayerDefinition
{
    /// <summary>Heads of the attention, which must divide the channels. At least 1; default 8.</summary>
    [Range(1, int.MaxValue)]
    public int Heads { get; init; } = 8;

    /// <summary>Units between the linear layers. At least 1; null, the default: four times the channels.</summary>
    [Range(1, int.MaxValue)]
    public int? Hidden { get; init; }

    /// <summary>Nonlinearity between the linear layers. Default: GELU.</summary>
    [EnumDataType(typeof(Activation))]
    public Activation Activation { get; init; } = Activation.Gelu;

    /// <summary>Whether the units are gated. Default: false.</summary>
    public bool Gated { get; init; }

    /// <summary>Probability with which a number that is added to the residual connection, or a unit between the linear layers, is zeroed in training. At least 0 and below 1; default 0.</summary>
    [Range(0.0, 1.0, MaximumIsExclusive = true)]
    public double Dropout { get; init; }

    /// <summary>Probability with which an attention weight is zeroed in training. At least 0 and below 1; default 0.</summary>
    [Range(0.0, 1.0, MaximumIsExclusive = true)]
    public double AttentionDropout { get; init; }

    /// <summary>The normalization of each token's channels. Default: <see cref="LayerNorm"/>.</summary>
    public NormalizationDefinition Normalization { get; init; } = new LayerNorm();

    /// <summary>Whether the normalization comes before attention and linear layers, rather than after the residual connection. Default: true.</summary>
    public bool NormalizationFirst { get; init; } = true;

    internal MultiHeadAttention Attention => new() { Heads = Heads, Dropout = AttentionDropout };

    /// <inheritdoc/>
    public override nn.Module<Tensor, Tensor> Create(long[] inputShape) => Create(Tokens.Check(this, inputShape).Channels);

    /// <inheritdoc/>
    public override ModuleDescription Describe(long[] inputShape)
    {
        var (length, channels) = Tokens.Check(this, inputShape);
        var (first, second, attention) = (Units(channels) * (Gated ? 2 : 1), Units(channels), Attention.Describe(inputShape));
        var (normParameters, normBuffers) = Normalization.Count(channels);
        return new()
        {
            Kind = nameof(TransformerEncoderBlock),
            InputShape = inputShape,
            OutputShape = inputShape,
            Parameters = attention.Parameters + (channels + 1) * first + (second + 1) * channels + 2 * normParameters,
            Buffers = 2 * normBuffers,
            MultiplyAdds = attention.MultiplyAdds + length * channels * (first + second),
        };
    }

    internal TransformerEncoderBlockLayer Create(long channels) => new(this, channels);

    internal long Units(long channels) => Hidden ?? 4 * channels;
}

/// <summary>The live <see cref="TransformerEncoderBlock"/>: [N, L, C] to the same shape.</summary>
internal sealed class TransformerEncoderBlockLayer : nn.Module<Tensor, Tensor>
{
    private readonly nn.Module<Tensor, Tensor> norm1;
    private readonly MultiHeadAttentionLayer attention;
    private readonly nn.Module<Tensor, Tensor> norm2;
    private readonly Linear linear1;
    private readonly nn.Module<Tensor, Tensor> activation;
    private readonly Linear linear2;
    private readonly nn.Module<Tensor, Tensor> dropout;
    private readonly bool isGated;
    private readonly bool isNormalizedFirst;

    public TransformerEncoderBlockLayer(TransformerEncoderBlock options, long channels) : base(nameof(TransformerEncoderBlockLayer))
    {
        var units = options.Units(channels);
        norm1 = options.Normalization.Create(channels, dimensions: 0);
        attention = options.Attention.Create(channels);
        norm2 = options.Normalization.Create(channels, dimensions: 0);
        linear1 = nn.Linear(channels, options.Gated ? 2 * units : units);
        activation = options.Activation.Create();
        linear2 = nn.Linear(units, channels);
        dropout = nn.Dropout(options.Dropout);
        isGated = options.Gated;
        isNormalizedFirst = options.NormalizationFirst;
        RegisterComponents();
    }

    public override Tensor forward(Tensor x) => Encode(x, isPadding: null);

    /// <summary>One block over the tokens that are there.</summary>
    /// <param name="x">[N, L, C].</param>
    /// <param name="isPadding">Tokens that nobody attends to, bool [N, L]; null: none.</param>
    /// <returns>[N, L, C].</returns>
    public Tensor Encode(Tensor x, Tensor? isPadding)
    {
        using var scope = NewDisposeScope();

        Tensor y;
        if (isNormalizedFirst)
        {
            x = x + dropout.call(attention.Attend(norm1.call(x), isPadding));   // [N, L, C]
            y = x + FeedForward(norm2.call(x));                                 // [N, L, C]
        }
        else
        {
            x = norm1.call(x + dropout.call(attention.Attend(x, isPadding)));   // [N, L, C]
            y = norm2.call(x + FeedForward(x));                                 // [N, L, C]
        }

        return y.MoveToOuterDisposeScope();
    }

    private Tensor FeedForward(Tensor x)
    {
        var units = linear1.call(x);                                            // [N, L, Units], twice as many when gated
        var active = isGated ? Gate(units) : activation.call(units);            // [N, L, Units]
        return dropout.call(linear2.call(dropout.call(active)));                // [N, L, C]
    }

    private Tensor Gate(Tensor units)
    {
        var halves = units.chunk(2, dim: -1);
        return halves[0] * activation.call(halves[1]);
    }
}
