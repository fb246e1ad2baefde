namespace MlComponents;

/// <summary>A copy of the weights after the best validation so far by one metric.</summary>
internal sealed class BestWeights(string metric) : IDisposable
{
    private Dictionary<string, Tensor>? snapshot;

    public string Metric => metric;

    public void Keep(nn.Module network)
    {
        using var scope = NewDisposeScope();
        using var guard = no_grad();
        if (snapshot is null)
        {
            snapshot = network.state_dict().ToDictionary(pair => pair.Key, pair => pair.Value.detach().clone().DetachFromDisposeScope());
            return;
        }
        foreach (var (name, tensor) in network.state_dict())
            snapshot[name].copy_(tensor);
    }

    public void Restore(nn.Module network)
    {
        if (snapshot is null)
            return;
        using var guard = no_grad();
        foreach (var (name, tensor) in network.state_dict())
            tensor.copy_(snapshot[name]);
    }

    /// <summary>Remembers the weights that were kept.</summary>
    public void SaveState(ComponentState state)
    {
        foreach (var (name, tensor) in snapshot ?? [])
            state.Set(name, tensor);
    }

    /// <summary>Goes on from remembered weights.</summary>
    public void LoadState(ComponentState state, nn.Module network)
    {
        if (state.Tensors.Count == 0)
            return;
        Keep(network);
        foreach (var (name, tensor) in snapshot!)
            state.CopyTo(name, tensor);
    }

    public void Dispose()
    {
        foreach (var tensor in snapshot?.Values ?? Enumerable.Empty<Tensor>())
            tensor.Dispose();
    }
}
