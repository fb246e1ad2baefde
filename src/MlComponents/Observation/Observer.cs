using System.Runtime.CompilerServices;

namespace MlComponents;

/// <summary>
/// Watches modules of a network by hooks: what they return (activations), the gradients of that, and statistics of it. Made by
/// <see cref="ModuleObservation.Observe(nn.Module, string, ObserverOptions?)"/>.
/// </summary>
/// <remarks>
/// <para>
/// It keeps the last pass. A pass begins when the network itself is called; a caller of its parts alone begins one by <see cref="Clear"/>. What it keeps is freed when the next pass
/// begins. Nothing that the network computes is changed by it, and once it is disposed the network is as if it had never been watched. Hooks run where modules are called by
/// <c>call</c>, not by <c>forward</c>.
/// </para>
/// <para>
/// Gradients of activations are those of what <c>backward()</c> was called on: in a training step that is the part of the step's loss that is the batch's, times the scale of the gradients
/// where <see cref="TrainerOptions.Precision"/> has one. A module inside of <see cref="TrainerOptions.CheckpointBlocks"/> has its gradient from the second time that it is computed, and
/// one call in a pass all the same.
/// </para>
/// </remarks>
public sealed class Observer : IDisposable
{
    private static readonly ConditionalWeakTable<nn.Module, List<Observer>> ByNetwork = [];

    private readonly nn.Module network;
    private readonly ObserverOptions options;
    private readonly List<Action> hooks = [];
    private readonly IReadOnlyList<ObservedModule> modules;
    private readonly List<ObservedCall> calls = [];
    private readonly Dictionary<string, ObservedModule> byName = [];

    internal Observer(nn.Module network, IReadOnlyList<ObservedModule> modules, ObserverOptions options)
    {
        (this.network, this.options, this.modules) = (network, options, modules);
        foreach (var module in modules)
        {
            foreach (var name in module.Names)
                byName[name] = module;
            hooks.Add(ModuleHooks.After(module.Module, (inputs, output) => Record(module, inputs, output))!);
        }
        if (ModuleHooks.Before(network, BeginPass) is { } remove)
            hooks.Add(remove);
        ByNetwork.GetOrCreateValue(network).Add(this);
    }

    /// <summary>Hears of each call of a watched module while its tensors are there; not of those by which <see cref="TrainerOptions.CheckpointBlocks"/> are computed again.</summary>
    public event Action<ModuleCall>? Called;

    /// <summary>Hears of each pass that begins, with the network's inputs.</summary>
    internal event Action<IReadOnlyList<Tensor>>? PassBegan;

    /// <summary>The watched modules, in the network's order, each once.</summary>
    public IReadOnlyList<ObservedModule> Modules => modules;

    /// <summary>All calls of the last pass, in the order in which they returned: a module's own parts come before it.</summary>
    public IReadOnlyList<ObservedCall> Calls => calls;

    /// <summary>A watched module by any of its names.</summary>
    /// <exception cref="KeyNotFoundException">It isn't watched; the message lists those that are.</exception>
    public ObservedModule this[string name] => byName.TryGetValue(name, out var module)
        ? module
        : throw new KeyNotFoundException($"The module '{name}' isn't watched{NearestName.Hint(name, byName.Keys)} Watched are: {Shown.Names(byName.Keys)}.");

    /// <summary>Reads the statistics of all calls of the last pass in one transfer from the device.</summary>
    public void ReadStatistics()
    {
        var unread = calls.Where(call => call.Computed is not null).ToList();
        foreach (var (call, value) in unread.Zip(ActivationStatistics.Read([.. unread.Select(call => call.Computed!)])))
            call.Read(value);
    }

    /// <summary>Frees what is kept, and begins a new pass.</summary>
    public void Clear()
    {
        foreach (var module in modules)
            module.Clear();
        calls.Clear();
    }

    /// <summary>Takes the hooks off and frees what is kept; twice is harmless.</summary>
    public void Dispose()
    {
        hooks.ForEach(remove => remove());
        hooks.Clear();
        if (ByNetwork.TryGetValue(network, out var observers))
            observers.Remove(this);
        Clear();
    }

    /// <summary>Tells those who watch a network that a pass begins that doesn't call it, but others of its methods.</summary>
    /// <param name="network">The network.</param>
    /// <param name="inputs">What goes into it.</param>
    internal static void BeginPass(nn.Module network, IReadOnlyList<Tensor> inputs)
    {
        if (ByNetwork.TryGetValue(network, out var observers))
            observers.ForEach(observer => observer.BeginPass(inputs));
    }

    private void BeginPass(IReadOnlyList<Tensor> inputs)
    {
        Clear();
        PassBegan?.Invoke(inputs);
    }

    private void Record(ObservedModule module, IReadOnlyList<Tensor> inputs, Tensor output)
    {
        using var scope = NewDisposeScope();

        if (BlockCall.IsRepeating)
        {
            if (options.Gradients)
                module.Calls.FirstOrDefault(call => call.IsRepeatedBy(BlockCall.Current!))?.WaitForGradient(output);
            return;
        }
        var call = new ObservedCall(module, output, options, BlockCall.Current);
        module.Add(call);
        calls.Add(call);
        Called?.Invoke(new(module, inputs, output));
    }
}
