namespace MlComponents;

/// <summary>Which modules of a network can be watched: those from tensors to one tensor.</summary>
internal static class ObservableModules
{
    /// <summary>All of them, in the network's order, each once with all its names.</summary>
    public static IReadOnlyList<ObservedModule> All(nn.Module network) => Of(Named(network), pair => IsWatchable(pair.module));

    /// <summary>Those that patterns mean.</summary>
    /// <exception cref="ArgumentException">A pattern means no module, or none that can be watched.</exception>
    public static IReadOnlyList<ObservedModule> Choose(nn.Module network, IReadOnlyList<string> patterns)
    {
        var modules = Named(network);
        var chosen = patterns.SelectMany(pattern => Choose(modules, pattern)).ToHashSet();
        return Of(modules, pair => chosen.Contains(pair.name));
    }

    private static List<(string name, nn.Module module)> Named(nn.Module network) => [.. network.named_modules().Where(pair => pair.name.Length > 0)];

    private static List<ObservedModule> Of(List<(string name, nn.Module module)> modules, Predicate<(string name, nn.Module module)> isChosen) =>
        [.. modules.GroupBy(pair => pair.module, ReferenceEqualityComparer.Instance).Where(same => same.Any(pair => isChosen(pair)))
            .Select(same => new ObservedModule([.. same.Select(pair => pair.name)], same.First().module))];

    private static List<string> Choose(List<(string name, nn.Module module)> modules, string pattern)
    {
        var meant = new NamePattern(pattern).Choose(modules.Select(pair => pair.name), "modules of the network").ToHashSet();
        List<string> watched = [.. modules.Where(pair => meant.Contains(pair.name) && IsWatchable(pair.module)).Select(pair => pair.name)];
        if (watched.Count > 0)
            return watched;

        var (name, module) = modules.First(pair => meant.Contains(pair.name));
        throw new ArgumentException(
            $"The pattern '{pattern}' means '{name}', a {module.GetType().Name}, but only modules from one to three tensors to one, such as Module<Tensor, Tensor>, can be watched. "
            + $"There are: {Shown.Names([.. modules.Where(pair => IsWatchable(pair.module)).Select(pair => pair.name)])}.");
    }

    private static bool IsWatchable(nn.Module module) => module is nn.Module<Tensor, Tensor> or nn.Module<Tensor, Tensor, Tensor> or nn.Module<Tensor, Tensor, Tensor, Tensor>;
}
