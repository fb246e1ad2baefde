namespace MlComponents;

/// <summary>Finds the module of a pass that first returned NaN or infinite numbers, and whether it made them. It waits for the device only where it is asked.</summary>
internal sealed class NonFiniteTrace : IDisposable
{
    private readonly nn.Module network;
    private readonly List<ObservedModule> called = [];
    private readonly List<Tensor> flags = [];   // whether something isn't finite, each []: of the network's input, of each call's input and output, of the network's output, of the loss

    /// <param name="network">The network, which is about to be called.</param>
    /// <param name="inputs">Its inputs.</param>
    public NonFiniteTrace(nn.Module network, IReadOnlyList<Tensor> inputs)
    {
        this.network = network;
        Flag(inputs);
    }

    /// <summary>A module was called; those inside of it before.</summary>
    public void Add(ModuleCall call)
    {
        called.Add(call.Module);
        Flag(call.Inputs);
        Flag([call.Output]);
    }

    /// <summary>The network returned.</summary>
    /// <param name="output">Its output.</param>
    /// <param name="loss">The loss, where there is one.</param>
    public void End(Tensor output, Tensor? loss)
    {
        Flag([output]);
        if (loss is not null)
            Flag([loss]);
    }

    /// <summary>The first module that went wrong; null where all that it knows is finite.</summary>
    /// <param name="batch">Number of the batch, from 1.</param>
    public ActivationFinding? Find(int batch)
    {
        var isBad = Read();
        var calls = called.Select((module, i) => (Module: module, Input: isBad[1 + 2 * i], Output: isBad[2 + 2 * i])).ToList();
        var isAfter = isBad[(1 + 2 * calls.Count)..];   // of the output and the loss
        var first = calls.FindIndex(call => call.Output);
        if (first < 0 && !isAfter.Contains(true))
            return null;
        if (isBad[0])
            return new(ActivationProblem.NonFiniteInput, null, batch, "The network's input is not finite: look for NaN or infinite values in the data.");
        if (first < 0)
            return isAfter[0]
                ? new(ActivationProblem.NonFiniteActivation, null, batch, "What the network returns is not finite, though all that its modules return is: it makes it after the last of them.")
                : new(ActivationProblem.NonFiniteLoss, null, batch, "What the network returns is finite, but the loss is not: look at the labels, the weights of the examples and the loss.");

        var (module, isInputBad, _) = calls[first];
        if (!isInputBad)
            return Made(module, batch);
        var around = calls.Where((call, i) => i > first && !call.Input && IsInside(module, call.Module)).Select(call => call.Module).MaxBy(outer => outer.Name.Length);
        return new(
            ActivationProblem.NonFiniteActivation, around?.Name, batch,
            $"{around?.ToString() ?? "The network"} makes it between its modules: the input of {module} is not finite, though what all modules before it returned is.");
    }

    public void Dispose() => flags.ForEach(flag => flag.Dispose());

    private static bool IsInside(ObservedModule inner, ObservedModule outer) =>
        inner.Names.Any(name => outer.Names.Any(other => name.StartsWith($"{other}.", StringComparison.Ordinal)));

    /// <summary>What a module did that had a finite input.</summary>
    private static ActivationFinding Made(ObservedModule module, int batch)
    {
        foreach (var (name, tensor) in module.Module.named_parameters().Select(pair => (pair.name, (Tensor)pair.parameter)).Concat(module.Module.named_buffers()))
        {
            using var scope = NewDisposeScope();
            var bad = (long)tensor.detach().isfinite().logical_not().sum().Number();
            if (bad > 0)
                return new(
                    ActivationProblem.NonFiniteWeights, module.Name, batch,
                    $"{module} is the first whose output is not finite, because of its '{name}': {bad} of {tensor.numel()} numbers are NaN or infinite.");
        }
        return new(
            ActivationProblem.NonFiniteActivation, module.Name, batch,
            $"{module} is the first whose output is not finite; its input and its weights are finite, so it makes it itself.");
    }

    private void Flag(IReadOnlyList<Tensor> tensors)
    {
        using var scope = NewDisposeScope();
        using var mode = no_grad();

        var each = tensors.Select(x => x.detach().isfinite().all().logical_not()).ToList();
        flags.Add((each.Count == 0 ? zeros([], ScalarType.Bool) : stack([.. each]).any()).DetachFromDisposeScope());   // []
    }

    private bool[] Read()
    {
        using var scope = NewDisposeScope();
        return stack([.. flags.Select(flag => flag.to(flags[0].device))]).cpu().data<bool>().ToArray();
    }
}
