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

    /// <summary>Writes a network's weights and buffers in the format that the file's name ends with.</summary>
    /// <param name="network">The network, on any device.</param>
    /// <param name="path">The file, ending with <c>.safetensors</c>, <c>.pth</c> or <c>.pt</c>; see <see cref="WeightFile.Write"/>.</param>
    /// <exception cref="ArgumentException">The name ends otherwise.</exception>
    /// <exception cref="IOException">The disk is full or the folder can't be written.</exception>
    public static void Save(nn.Module network, string path)
    {
        ArgumentNullException.ThrowIfNull(network);
        WeightFile.Write(path, network.state_dict());
    }

    /// <summary>Reads a network's weights and buffers from safetensors.</summary>
    /// <param name="network">A network of the same architecture, on any device.</param>
    /// <param name="stream">A stream that knows its length.</param>
    /// <exception cref="InvalidDataException">It is no safetensors file, or it doesn't fit the network; the network is unchanged then.</exception>
    public static void Load(nn.Module network, Stream stream)
    {
        ArgumentNullException.ThrowIfNull(network);
        using var scope = NewDisposeScope();
        Load(network, Safetensors.Read(stream));
    }

    /// <summary>Reads a network's weights and buffers from a file of any known format.</summary>
    /// <param name="network">The network, on any device.</param>
    /// <param name="path">The file; see <see cref="WeightFile.Read"/>.</param>
    /// <param name="options">Renaming and strictness; null, the default: no renaming, and every tensor must fit.</param>
    /// <param name="key">Where the tensors are in what PyTorch saved, such as <c>state_dict</c>; null, the default: at the top.</param>
    /// <returns>What was loaded, and what doesn't fit.</returns>
    /// <exception cref="InvalidDataException">It is no file of weights, or it doesn't fit the network; the network is unchanged then.</exception>
    /// <exception cref="ArgumentException">A renaming rule can't be applied.</exception>
    /// <exception cref="IOException">The file isn't there or can't be read.</exception>
    public static StateDictReport Load(nn.Module network, string path, StateDictOptions? options = null, string? key = null)
    {
        ArgumentNullException.ThrowIfNull(network);
        using var scope = NewDisposeScope();
        return Load(network, WeightFile.Read(path, key), options);
    }

    /// <summary>Copies tensors into a network's weights and buffers of the same names.</summary>
    /// <param name="network">The network, on any device.</param>
    /// <param name="tensors">Tensors by name, on any device; element types are converted to the network's, as PyTorch does.</param>
    /// <param name="options">Renaming and strictness; null, the default: no renaming, and every tensor must fit.</param>
    /// <returns>What was loaded, and what doesn't fit, which only happens where <see cref="StateDictOptions.Strict"/> is off.</returns>
    /// <exception cref="InvalidDataException">
    /// A name is missing, unexpected, or has another shape, and the message lists all of them; or two names are renamed to one. The network is unchanged.
    /// </exception>
    /// <exception cref="ArgumentException">A renaming rule can't be applied; the network is unchanged.</exception>
    public static StateDictReport Load(nn.Module network, IReadOnlyDictionary<string, Tensor> tensors, StateDictOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(tensors);
        options ??= new StateDictOptions();
        using var guard = no_grad();
        using var scope = NewDisposeScope();

        var sources = Rename(tensors, options.Renaming);
        var targets = network.state_dict();
        var report = Compare(sources, targets);
        if (options.Strict && !report.IsComplete)
            throw new InvalidDataException($"The weights don't fit the network {network.GetName()}: {report}.");

        // Everything that may fail, such as memory for other types and devices, comes before the first weight is changed.
        var converted = report.Loaded.Select(name => (Target: targets[name], Value: sources[name].to(targets[name].dtype, targets[name].device))).ToList();
        foreach (var (target, value) in converted)
            target.copy_(value);
        return report;
    }

    private static Dictionary<string, Tensor> Rename(IReadOnlyDictionary<string, Tensor> tensors, IReadOnlyList<RenamingRule> rules)
    {
        var origins = new Dictionary<string, string>();
        foreach (var name in tensors.Keys)
        {
            var renamed = rules.Aggregate(name, (current, rule) => rule.Apply(current));
            if (!origins.TryAdd(renamed, name))
                throw new InvalidDataException($"The renaming rules turn '{origins[renamed]}' and '{name}' both into '{renamed}', but a name belongs to one tensor.");
        }
        return origins.ToDictionary(pair => pair.Key, pair => tensors[pair.Value]);
    }

    private static StateDictReport Compare(Dictionary<string, Tensor> sources, Dictionary<string, Tensor> targets)
    {
        var common = targets.Keys.Where(sources.ContainsKey).Order(StringComparer.Ordinal).ToList();
        var fitting = common.Where(name => Fits(sources[name], targets[name])).ToList();
        return new(
            fitting,
            [.. targets.Keys.Except(sources.Keys).Order(StringComparer.Ordinal)],
            [.. sources.Keys.Except(targets.Keys).Order(StringComparer.Ordinal)],
            [.. common.Except(fitting).Select(name => new StateDictMismatch(name, sources[name].shape, targets[name].shape, sources[name].dtype, targets[name].dtype))]);
    }

    private static bool Fits(Tensor source, Tensor target) =>
        source.shape.SequenceEqual(target.shape) && (!source.is_complex() || target.is_complex());
}
