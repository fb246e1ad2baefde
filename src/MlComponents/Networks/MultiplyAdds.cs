using TorchSharp.Modules;

namespace MlComponents;

/// <summary>Counts the multiply-adds of modules from the shapes that they were called with.</summary>
/// <remarks>
/// The rule is that of published figures: what is counted are products with matrices, which are those of convolutions, linear and bilinear layers and attention. Biases, normalization,
/// activations, pooling and other arithmetic on single numbers count as nothing.
/// </remarks>
internal static class MultiplyAdds
{
    /// <summary>Of a convolution or linear layer: each weight is used once for each position, or row.</summary>
    public static long Of(long weights, ReadOnlySpan<long> positions)
    {
        foreach (var size in positions)
            weights *= size;
        return weights;
    }

    /// <summary>Of attention: each query with each key, and each weight of theirs with a value.</summary>
    public static long OfAttention(long queries, long keys, long channels) => 2 * queries * keys * channels;

    /// <summary>What a module itself does, without those inside it; null where nobody can say.</summary>
    /// <param name="module">The module.</param>
    /// <param name="owner">The innermost module around it that isn't TorchSharp's; null where there is none.</param>
    /// <param name="calls">The calls of a module.</param>
    public static long? Of(nn.Module module, nn.Module? owner, Func<nn.Module, IReadOnlyList<CallShapes>> calls)
    {
        if (module is IMatrixProducts own)
            return own.MultiplyAdds(calls);
        if (IsOurs(module))
            return 0;   // all of ours that multiply matrices say so
        if (!IsTorchSharps(module))
            return null;
        if (HasProductsOfItsOwn(module))
            return null;
        if (!module.named_parameters(recurse: false).Any())
            return 0;
        if (calls(module).Count == 0)   // ours weren't needed, or do the work themselves and say so; others may use the weights without a call
            return owner is null || IsOurs(owner) ? 0 : null;
        return PerPosition(module) is { } positions ? calls(module).Sum(call => Of(module.get_parameter("weight")!.numel(), positions(call))) : IsElementwise(module) ? 0 : null;
    }

    /// <summary>Whether it is one of TorchSharp's own modules.</summary>
    public static bool IsTorchSharps(nn.Module module) => module.GetType().Assembly == typeof(nn.Module).Assembly;

    private static bool IsOurs(nn.Module module) => module.GetType().Assembly == typeof(MultiplyAdds).Assembly;

    /// <summary>For how many positions a call uses every weight; null for a module that isn't known to use them so.</summary>
    private static Func<CallShapes, long[]>? PerPosition(nn.Module module) => module switch
    {
        Conv1d or Conv2d or Conv3d => call => call.Output[2..],
        ConvTranspose1d or ConvTranspose2d or ConvTranspose3d => call => call.Input[2..],
        Linear or Bilinear => call => call.Output[..^1],
        _ => null,
    };

    /// <summary>Whether it multiplies matrices in libtorch, where nobody sees with what shapes.</summary>
    private static bool HasProductsOfItsOwn(nn.Module module) => module is
        RNN or LSTM or GRU or RNNCell or LSTMCell or GRUCell or MultiheadAttention or Transformer or TransformerEncoder or TransformerEncoderLayer or TransformerDecoder or TransformerDecoderLayer;

    private static bool IsElementwise(nn.Module module) => module is
        BatchNorm1d or BatchNorm2d or BatchNorm3d or InstanceNorm1d or InstanceNorm2d or InstanceNorm3d or TorchSharp.Modules.LayerNorm or TorchSharp.Modules.GroupNorm
        or Embedding or EmbeddingBag or PReLU;
}
