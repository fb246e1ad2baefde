namespace MlComponents;

/// <summary>Looks into networks: <c>using var observer = network.Observe("layer4.*");</c></summary>
public static class ModuleObservation
{
    /// <summary>Watches modules of a network until the observer is disposed.</summary>
    /// <param name="network">The network.</param>
    /// <param name="pattern">Names of modules, in which <c>*</c> stands for any characters, e.g. <c>layer4.*</c>.</param>
    /// <param name="options">What is kept. Null: activations and their gradients.</param>
    /// <returns>What it sees; dispose it to take the hooks off.</returns>
    /// <exception cref="ArgumentException">The pattern means no module, or none that can be watched; the message lists the names.</exception>
    public static Observer Observe(this nn.Module network, string pattern, ObserverOptions? options = null) => network.Observe([pattern], options);

    /// <summary>Watches modules of a network until the observer is disposed.</summary>
    /// <param name="network">The network.</param>
    /// <param name="patterns">Several patterns, at least one, each of which means a module.</param>
    /// <param name="options">What is kept. Null: activations and their gradients.</param>
    /// <returns>What it sees; dispose it to take the hooks off.</returns>
    /// <exception cref="ArgumentException">A pattern means no module, or none that can be watched; the message lists the names.</exception>
    public static Observer Observe(this nn.Module network, IReadOnlyList<string> patterns, ObserverOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(patterns);
        if (patterns.Count == 0)
            throw new ArgumentException("There is no pattern of modules to watch: give at least one, e.g. '*' for all.", nameof(patterns));
        return new Observer(network, ObservableModules.Choose(network, patterns), options ?? new ObserverOptions());
    }
}
