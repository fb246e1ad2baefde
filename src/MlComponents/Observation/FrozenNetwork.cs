namespace MlComponents;

/// <summary>Keeps a network in eval mode, and backward passes from its parameters, until it is disposed; then modes and parameters are what they were.</summary>
internal sealed class FrozenNetwork : IDisposable
{
    private readonly List<(nn.Module Module, bool Training)> modes;
    private readonly List<TorchSharp.Modules.Parameter> learning;

    /// <param name="network">The network.</param>
    public FrozenNetwork(nn.Module network)
    {
        modes = [.. network.modules().Prepend(network).Select(module => (module, module.training))];
        learning = [.. network.parameters().Where(parameter => parameter.requires_grad)];
        if (modes.Exists(pair => pair.Training))
            network.eval();
        learning.ForEach(parameter => parameter.requires_grad = false);
    }

    /// <summary>A module takes its parts along when its mode changes, so those come after it.</summary>
    public void Dispose()
    {
        foreach (var (module, training) in modes)
            if (module.training != training)
                module.train(training);
        learning.ForEach(parameter => parameter.requires_grad = true);
    }
}
