using TorchSharp.Modules;

namespace MlComponents;

/// <summary>A run's network on all of its devices: itself on the first, a copy on each of the others. With one device it is the network alone.</summary>
/// <remarks>
/// As PyTorch's DataParallel: every batch is divided, the outputs come together on the first device, where the loss is, and the gradients of the copies are added to those of the
/// network. The statistics of batch norm are those that the network sees.
/// </remarks>
internal sealed class Replicas : IDisposable
{
    private readonly List<nn.Module> copies = [];
    private readonly List<(Parameter Source, Parameter Copy)> parameters = [];
    private readonly List<(Tensor Source, Tensor Copy)> buffers = [];
    private readonly List<(nn.Module Source, nn.Module Copy)> modules = [];

    /// <param name="network">The network, on the first device.</param>
    /// <param name="devices">All devices, at least one.</param>
    /// <param name="build">Builds the same network on another device.</param>
    /// <exception cref="ArgumentException">There are several devices, and the network isn't from one tensor to one tensor.</exception>
    internal Replicas(nn.Module network, IReadOnlyList<Device> devices, Func<Device, nn.Module> build)
    {
        Module = network;
        On = devices;
        Networks = [network];
        if (devices.Count == 1)
            return;
        if (network is not nn.Module<Tensor, Tensor>)
            throw new ArgumentException(
                $"The network {network.GetName()} is a {network.GetType().BaseType?.Name}, but DataParallelDevices divides the batches of a Module<Tensor, Tensor> only: leave it empty.");

        foreach (var device in devices.Skip(1))
            copies.Add(build(device));
        Networks = [network, .. copies];
        foreach (var copy in copies)
        {
            parameters.AddRange(network.parameters().Zip(copy.parameters()));
            buffers.AddRange(network.buffers().Zip(copy.buffers()));
            modules.AddRange(network.modules().Prepend(network).Zip(copy.modules().Prepend(copy)));
        }
        Module = network is IAuxiliaryHeads heads ? new ReplicatedHeads(this, heads.AuxiliaryWeight) : new ReplicatedNetwork(this);
    }

    /// <summary>Builds the copies that a run needs.</summary>
    /// <exception cref="ArgumentException">There are several devices, and one of them isn't there, or the network isn't from one tensor to one tensor.</exception>
    public static Replicas Of(TrainingRun run)
    {
        if (run.Options.DataParallelDevices.Count < 2)
            return new(run.Network, [run.Context.Device], _ => run.Network);

        using var randomness = new RandomState(run.Seed);   // the weights that they draw are overwritten, and dropout isn't to miss these numbers
        return new(run.Network, [.. run.Options.DataParallelDevices.Select(Devices.Parse)], device => run.Definition.Build(run.Context with { Device = device }));
    }

    /// <summary>The network on each device.</summary>
    public IReadOnlyList<nn.Module> Networks { get; }

    /// <summary>The device of each.</summary>
    public IReadOnlyList<Device> On { get; }

    /// <summary>What is called in place of the network: in train mode, with inputs on the first device, to outputs there.</summary>
    public nn.Module Module { get; }

    /// <summary>Makes the copies what the network is: weights, buffers, what learns and what is in eval mode.</summary>
    public void Update()
    {
        using var mode = no_grad();

        foreach (var (source, copy) in parameters)
        {
            copy.requires_grad = source.requires_grad;
            copy.copy_(source);
        }
        foreach (var (source, copy) in buffers)
            copy.copy_(source);
        foreach (var (source, copy) in modules)   // outer before inner ones, which follow them
            if (copy.training != source.training)
                copy.train(source.training);
    }

    /// <summary>Adds the gradients of the copies to those of the network.</summary>
    public void SumGradients()
    {
        using var scope = NewDisposeScope();
        using var mode = no_grad();

        foreach (var (source, copy) in parameters)
        {
            if (copy.grad is not { } gradient)
                continue;
            var here = gradient.to(source.device);
            if (source.grad is { } sum)
                sum.Increase(here);
            else
                source.grad = here;
            copy.grad = null;
        }
    }

    /// <summary>Forgets the gradients of the copies.</summary>
    public void ForgetGradients()
    {
        foreach (var (_, copy) in parameters)
            copy.grad = null;
    }

    /// <summary>Frees the copies; the network stays.</summary>
    public void Dispose()
    {
        if (copies.Count > 0)
            Module.Dispose();
        copies.ForEach(copy => copy.Dispose());
    }
}
