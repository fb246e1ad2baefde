using TorchSharp.Modules;

namespace MlComponents;

/// <summary>An average that moves towards the weights by a share of the distance, in one call into libtorch for all of them.</summary>
/// <remarks>
/// Of numbers with fewer bits than float32 the average is kept in float32, because a small share of a small distance would be rounded away. What isn't averaged, such as
/// counters, is taken from the network with every update.
/// </remarks>
internal abstract class RunningWeightAverage : WeightAverage
{
    private const string HasWeightsKey = "hasWeights";

    private readonly string[] names;       // as in the state dict, those that are averaged first
    private readonly Tensor[] weights;     // the network's
    private readonly Tensor[] averages;
    private readonly int averaged;
    private readonly bool isWider;         // whether any average has more bits than its weight
    private Tensor[]? own;                 // the network's own values while it has the averages
    private bool hasWeights;

    /// <param name="network">The network.</param>
    /// <param name="isAveraged">Whether a parameter or buffer of floating-point numbers is averaged.</param>
    protected RunningWeightAverage(nn.Module network, Func<Tensor, bool> isAveraged)
    {
        using var scope = NewDisposeScope();
        using var mode = no_grad();

        // Two layers may share a weight, which is averaged once.
        var tensors = network.state_dict().DistinctBy(pair => pair.Value, ReferenceEqualityComparer.Instance)
            .OrderBy(pair => IsAveraged(pair.Value) ? 0 : 1).ThenBy(pair => pair.Key, StringComparer.Ordinal).ToList();
        names = [.. tensors.Select(pair => pair.Key)];
        weights = [.. tensors.Select(pair => pair.Value)];
        averaged = weights.Count(IsAveraged);
        averages = [.. weights.Select((weight, i) => zeros_like(weight, i < averaged ? Wider(weight.dtype) : weight.dtype).DetachFromDisposeScope())];
        isWider = weights.Zip(averages).Any(pair => pair.First.dtype != pair.Second.dtype);

        bool IsAveraged(Tensor tensor) => (tensor.is_floating_point() || tensor.is_complex()) && isAveraged(tensor);
    }

    public sealed override bool HasWeights => hasWeights;

    protected static bool IsParameter(Tensor tensor) => tensor is Parameter;

    /// <summary>Moves the average by a share of its distance from the weights; the first time it becomes them.</summary>
    protected void Move(double share)
    {
        using var scope = NewDisposeScope();
        using var mode = no_grad();

        if (hasWeights && averaged > 0)
            TensorLists.Call("lerp", averages[..averaged], Widened(), share);
        for (var i = hasWeights ? averaged : 0; i < weights.Length; i++)
            averages[i].copy_(weights[i]);
        hasWeights = true;
    }

    public sealed override void Swap()
    {
        using var scope = NewDisposeScope();
        using var mode = no_grad();

        if (own is null)
        {
            if (!hasWeights)
                throw new InvalidOperationException("There is no average of the weights yet: ask HasWeights first.");
            own = Array.ConvertAll(weights, weight => weight.detach().clone().DetachFromDisposeScope());
            Copy(averages, weights);
        }
        else
        {
            Copy(own, weights);
            Free(own);
            own = null;
        }
    }

    public override void KeepBatchStatistics()
    {
        using var mode = no_grad();
        for (var i = averaged; i < weights.Length; i++)
            averages[i].copy_(weights[i]);
    }

    public override void SaveState(ComponentState state)
    {
        state.Set(HasWeightsKey, hasWeights);
        if (hasWeights)
            for (var i = 0; i < names.Length; i++)
                state.Set(names[i], averages[i]);
    }

    public override void LoadState(ComponentState state)
    {
        var loaded = state.Get<bool>(HasWeightsKey);
        if (loaded)
            for (var i = 0; i < names.Length; i++)
                state.CopyTo(names[i], averages[i]);
        hasWeights = loaded;
    }

    protected override void Dispose(bool disposing)
    {
        Free(averages);
        Free(own ?? []);
    }

    private Tensor[] Widened()
    {
        var sources = weights[..averaged];
        if (isWider)
            for (var i = 0; i < averaged; i++)
                sources[i] = sources[i].to(averages[i].dtype);
        return sources;
    }

    private static ScalarType Wider(ScalarType type) => type is ScalarType.Float16 or ScalarType.BFloat16 ? ScalarType.Float32 : type;

    private static void Copy(Tensor[] sources, Tensor[] destinations)
    {
        for (var i = 0; i < sources.Length; i++)
            destinations[i].copy_(sources[i]);
    }

    private static void Free(Tensor[] tensors)
    {
        foreach (var tensor in tensors)
            tensor.Dispose();
    }
}
