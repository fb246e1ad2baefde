namespace MlComponents;

/// <summary>Weights of a whole network by name.</summary>
public static class StateDict
{
    /// <summary>Writes a network's weights and buffers as safetensors.</summary>
    /// <param name="network">The network, on any device.</param>
    /// <param name="stream">Where to.</param>
    public static void Save(nn.Module network, Stream stream)
    {
        ArgumentNullException.ThrowIfNull(network);
        Safetensors.Write(stream, network.state_dict());
    }

    /// <summary>Reads a network's weights and buffers from safetensors.</summary>
    /// <param name="network">A network of the same architecture, on any device.</param>
    /// <param name="stream">A stream that knows its length.</param>
    /// <exception cref="InvalidDataException">It is no safetensors file, or it doesn't fit the network; the network is unchanged then.</exception>
    public static void Load(nn.Module network, Stream stream)
    {
        using var scope = NewDisposeScope();
        Load(network, Safetensors.Read(stream));
    }

    /// <summary>Copies tensors into a network's weights and buffers of the same names.</summary>
    /// <param name="network">The network, on any device.</param>
    /// <param name="tensors">Tensors by name; element types are converted to the network's.</param>
    /// <exception cref="InvalidDataException">
    /// A name is missing, unexpected, or has another shape; the message lists all of them, and the network is unchanged.
    /// </exception>
    public static void Load(nn.Module network, IReadOnlyDictionary<string, Tensor> tensors)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(tensors);
        using var guard = no_grad();

        var targets = network.state_dict();
        var problems = Problems(targets, tensors).ToList();
        if (problems.Count > 0)
            throw new InvalidDataException($"The weights don't fit the network {network.GetName()}: {string.Join("; ", problems)}.");
        foreach (var (name, target) in targets)
            target.copy_(tensors[name]);
    }

    private static IEnumerable<string> Problems(Dictionary<string, Tensor> targets, IReadOnlyDictionary<string, Tensor> tensors)
    {
        if (targets.Keys.Except(tensors.Keys).Order(StringComparer.Ordinal).ToList() is { Count: > 0 } missing)
            yield return $"missing are {string.Join(", ", missing)}";
        if (tensors.Keys.Except(targets.Keys).Order(StringComparer.Ordinal).ToList() is { Count: > 0 } unexpected)
            yield return $"unexpected are {string.Join(", ", unexpected)}";
        foreach (var (name, target) in targets)
            if (tensors.TryGetValue(name, out var tensor) && !tensor.shape.SequenceEqual(target.shape))
                yield return $"{name} is [{string.Join(", ", tensor.shape)}], but the network has [{string.Join(", ", target.shape)}]";
    }
}
