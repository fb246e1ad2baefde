using TorchSharp.Modules;

namespace MlComponents;

/// <summary>The <see cref="Freeze"/>s of a run on its network. A frozen parameter has no gradient, so that optimizers leave it and its state alone, weight decay included.</summary>
internal sealed class Freezing : IDisposable
{
    private readonly nn.Module network;
    private readonly List<(Freeze Freeze, HashSet<Parameter> Parameters)> freezes;
    private readonly List<Parameter> learning;   // where nothing freezes them
    private HashSet<Parameter> frozen = new(ReferenceEqualityComparer.Instance);

    /// <param name="network">The network.</param>
    /// <param name="freezes">What is frozen when.</param>
    /// <param name="epochs">Epochs of the run.</param>
    /// <exception cref="ArgumentException">A pattern means no parameter, or there is an epoch in which nothing learns.</exception>
    public Freezing(nn.Module network, IReadOnlyList<Freeze> freezes, int epochs)
    {
        this.network = network;
        var parameters = network.named_parameters().ToList();
        learning = [.. parameters.Select(pair => pair.parameter).Where(parameter => parameter.requires_grad).Distinct<Parameter>(ReferenceEqualityComparer.Instance)];
        this.freezes = [.. freezes.Select(freeze => (freeze, Chosen(freeze)))];
        Check(epochs);

        HashSet<Parameter> Chosen(Freeze freeze)
        {
            var names = new NamePattern(freeze.Pattern).Choose(parameters.Select(pair => pair.name), "parameters").ToHashSet();
            return parameters.Where(pair => names.Contains(pair.name)).Select(pair => pair.parameter).ToHashSet<Parameter>(ReferenceEqualityComparer.Instance);
        }
    }

    /// <summary>Freezes what is frozen in an epoch, and lets the rest learn.</summary>
    public void Apply(int epoch)
    {
        frozen = Frozen(epoch);
        foreach (var parameter in learning)
        {
            parameter.requires_grad = !frozen.Contains(parameter);
            if (!parameter.requires_grad)
                parameter.grad = null;
        }
    }

    /// <summary>Train mode, and eval mode for modules all of whose parameters are frozen, those inside them that have none included.</summary>
    public void TrainMode()
    {
        network.train();
        if (frozen.Count == 0)
            return;
        foreach (var module in network.modules())
            if (module.parameters().ToList() is { Count: > 0 } parameters && parameters.TrueForAll(frozen.Contains))
                module.eval();
    }

    /// <summary>Lets learn again whatever learned before.</summary>
    public void Dispose()
    {
        foreach (var parameter in learning)
            parameter.requires_grad = true;
    }

    private HashSet<Parameter> Frozen(int epoch) =>
        freezes.Where(pair => pair.Freeze.Holds(epoch)).SelectMany(pair => pair.Parameters).ToHashSet<Parameter>(ReferenceEqualityComparer.Instance);

    /// <summary>Looks at the epochs in which something changes: a run may have more than can be counted through.</summary>
    private void Check(int epochs)
    {
        var changes = freezes.SelectMany(pair => new[] { pair.Freeze.FromEpoch, pair.Freeze.UntilEpoch + 1L ?? 1 }).Append(1).Where(epoch => epoch <= epochs).Distinct().Order();
        foreach (var epoch in changes)
            if (freezes.Count > 0 && learning.TrueForAll(Frozen((int)epoch).Contains))
                throw new ArgumentException(
                    $"Nothing learns in epoch {epoch}: {Shown.Names([.. freezes.Where(pair => pair.Freeze.Holds((int)epoch)).Select(pair => $"'{pair.Freeze.Pattern}'")])} together freeze all parameters of the network: "
                    + "leave some out, or let each have its own epochs.");
    }
}
