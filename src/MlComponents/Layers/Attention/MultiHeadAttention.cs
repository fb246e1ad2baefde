using System.ComponentModel.DataAnnotations;
using TorchSharp.Modules;

namespace MlComponents;

/// <summary>
/// Multi-head self-attention: each token becomes a mean of all tokens' values, weighted by <c>softmax(q·kᵀ/√d)</c> of its query and their keys, in
/// several heads of d = C/Heads channels each, which a linear layer joins.
/// </summary>
/// <remarks>
/// After Vaswani et al. (arXiv 1706.03762), section 3.2. Examples are L tokens of C channels, [L, C]; the shape stays. State-dict keys and initial
/// weights are those of PyTorch's <c>nn.MultiheadAttention</c>: <c>in_proj_weight</c> [3·C, C], <c>in_proj_bias</c>, <c>out_proj.weight</c>,
/// <c>out_proj.bias</c>.
/// </remarks>
public sealed record MultiHeadAttention : LayerDefinition
{
    /// <summary>Heads, which must divide the channels. At least 1; default 8.</summary>
    [Range(1, int.MaxValue)]
    public int Heads { get; init; } = 8;

    /// <summary>Probability with which a token's weight for another one is zeroed in training. At least 0 and below 1; default 0.</summary>
    [Range(0.0, 1.0, MaximumIsExclusive = true)]
    public double Dropout { get; init; }

    /// <summary>Whether the projections have biases. Default: true.</summary>
    public bool Bias { get; init; } = true;

    /// <inheritdoc/>
    public override nn.Module<Tensor, Tensor> Create(long[] inputShape) => Create(Tokens.Check(this, inputShape).Channels);

    /// <inheritdoc/>
    public override ModuleDescription Describe(long[] inputShape)
    {
        var (length, channels) = Tokens.Check(this, inputShape);
        CheckHeads(channels);
        return new()
        {
            Kind = nameof(MultiHeadAttention), InputShape = inputShape, OutputShape = inputShape, Parameters = Count(channels),
            MultiplyAdds = 4 * length * channels * channels + MultiplyAdds.OfAttention(length, length, channels),
        };
    }

    internal MultiHeadAttentionLayer Create(long channels)
    {
        CheckHeads(channels);
        return new MultiHeadAttentionLayer(this, channels);
    }

    internal long Count(long channels) => 4 * channels * channels + (Bias ? 4 * channels : 0);

    private void CheckHeads(long channels)
    {
        if (channels % Heads != 0)
            throw new ArgumentException(
                $"MultiHeadAttention has {Heads} heads, which don't divide {channels} channels evenly: allowed are {LayerShapes.ShowDivisors(channels)}.");
    }
}

/// <summary>The live <see cref="MultiHeadAttention"/>: [N, L, C] to the same shape.</summary>
internal sealed class MultiHeadAttentionLayer : nn.Module<Tensor, Tensor>, IMatrixProducts
{
    private readonly Parameter in_proj_weight;    // [3·C, C]: queries, keys, values
    private readonly Parameter? in_proj_bias;     // [3·C]
    private readonly Linear out_proj;
    private readonly long channels;
    private readonly long heads;
    private readonly double dropout;

    public MultiHeadAttentionLayer(MultiHeadAttention options, long channels) : base(nameof(MultiHeadAttentionLayer))
    {
        this.channels = channels;
        heads = options.Heads;
        dropout = options.Dropout;
        out_proj = nn.Linear(channels, channels, options.Bias);   // first, so that a seed draws what PyTorch draws
        in_proj_weight = Weights.Of(nn.init.xavier_uniform_(empty(3 * channels, channels)));
        in_proj_bias = options.Bias ? Weights.Of(zeros(3 * channels)) : null;
        if (options.Bias)
            nn.init.zeros_(out_proj.bias!);
        RegisterComponents();
    }

    // A transformer's block calls Attend, and that the layer at the end.
    long IMatrixProducts.MultiplyAdds(Func<nn.Module, IReadOnlyList<CallShapes>> calls) =>
        calls(out_proj).Select(call => call.Output[1]).Sum(length => 3 * length * channels * channels + MultiplyAdds.OfAttention(length, length, channels));

    public override Tensor forward(Tensor x) => Attend(x, isPadding: null);

    /// <summary>Attention to the tokens that are there.</summary>
    /// <param name="x">[N, L, C].</param>
    /// <param name="isPadding">Tokens that nobody attends to, bool [N, L], not all of an example; null: none.</param>
    /// <returns>[N, L, C].</returns>
    /// <exception cref="ArgumentException">The tokens have another shape.</exception>
    public Tensor Attend(Tensor x, Tensor? isPadding)
    {
        if (x.dim() != 3 || x.shape[2] != channels)
            throw LayerShapes.Unfit(nameof(MultiHeadAttention), $"[N, L, {channels}]", x);
        using var scope = NewDisposeScope();

        var (n, length) = (x.shape[0], x.shape[1]);
        var projected = nn.functional.linear(x, in_proj_weight, in_proj_bias);                     // [N, L, 3·C]
        var split = projected.view(n, length, 3, heads, channels / heads).permute(2, 0, 3, 1, 4);  // [3, N, Heads, L, d]
        var mask = isPadding?.logical_not().view(n, 1, 1, length);                                 // [N, 1, 1, L], true: attend
        var mixed = nn.functional.scaled_dot_product_attention(split[0], split[1], split[2], mask, training ? dropout : 0);   // [N, Heads, L, d]
        var joined = mixed.transpose(1, 2).reshape(n, length, channels);                           // [N, L, C]

        return out_proj.call(joined).MoveToOuterDisposeScope();                                    // [N, L, C]
    }
}
