using System.Runtime.ExceptionServices;

namespace MlComponents;

/// <summary>
/// Blocks of networks that keep no activations for the backward pass: only their input is kept, and they are computed once more when the gradient arrives at their output
/// (Chen et al., Training deep nets with sublinear memory cost, arXiv 1604.06174).
/// </summary>
/// <remarks>
/// The second time is as the first: with the same random numbers and buffers, whose values afterwards are those after the first time. In eval mode and without gradients a block
/// is called as always. Until this is disposed the blocks have hooks.
/// </remarks>
internal sealed class GradientCheckpoints : IDisposable
{
    private readonly List<Action> hooks = [];
    private readonly PrecisionPolicy precision;
    private readonly List<BlockCall> calls = [];
    private readonly Tensor anchor = zeros([], requires_grad: true).DetachFromDisposeScope();   // gives a block a place in the graph whose input needs no gradient
    private BlockCall? running;
    private bool recomputing;
    private Tensor? returned;
    private ExceptionDispatchInfo? failure;

    /// <param name="networks">Networks of the same modules.</param>
    /// <param name="patterns">Which of their modules: those that aren't inside of others.</param>
    /// <param name="precision">The numbers in which they compute.</param>
    /// <exception cref="ArgumentException">A pattern means no module, or one that isn't from one tensor to one tensor.</exception>
    public GradientCheckpoints(IEnumerable<nn.Module> networks, IReadOnlyList<string> patterns, PrecisionPolicy precision)
    {
        this.precision = precision;
        foreach (var network in networks)
            foreach (var block in Blocks(network, patterns))
            {
                IReadOnlyList<Tensor> buffers = [.. block.buffers()];
                hooks.Add(block.register_forward_pre_hook((_, input) => Enter(network, block, buffers, input)).remove);
                hooks.Add(block.register_forward_hook((_, input, output) => Leave(block, input, output)).remove);
            }
    }

    /// <summary>Throws what a block threw when it was computed again: within <c>backward()</c> it would end the process.</summary>
    public void ThrowIfFailed() => failure?.Throw();

    /// <summary>Ends a forward and backward pass, also one that failed: frees what it kept, and lets gradients be computed again.</summary>
    public void EndPass()
    {
        running?.EndForward();
        running = null;
        calls.ForEach(call => call.Dispose());
        calls.Clear();
        returned?.Dispose();
        returned = null;
        failure = null;
    }

    /// <summary>Takes the hooks off.</summary>
    public void Dispose()
    {
        EndPass();
        hooks.ForEach(remove => remove());
        anchor.Dispose();
    }

    /// <summary>The gradient of a block's input, from that of its output; null where there is none, or where a block failed.</summary>
    /// <remarks>It comes from within <c>backward()</c>. What it returns is read after it has returned, so it is freed by the next call or at the end of the pass.</remarks>
    internal Tensor? Backward(BlockCall call, Func<Tensor> input, Tensor gradient)
    {
        returned?.Dispose();
        returned = null;
        if (failure is not null || gradient.IsInvalid)
            return null;

        recomputing = true;
        try
        {
            using var scope = NewDisposeScope();
            returned = call.Recompute(input(), gradient);
        }
#pragma warning disable CA1031 // Whatever it is, it is thrown after the backward pass.
        catch (Exception e)
        {
            failure = ExceptionDispatchInfo.Capture(e);
        }
#pragma warning restore CA1031
        recomputing = false;
        return returned;
    }

    private static IEnumerable<nn.Module<Tensor, Tensor>> Blocks(nn.Module network, IReadOnlyList<string> patterns)
    {
        var modules = network.named_modules().Where(pair => pair.name.Length > 0).ToList();
        var chosen = patterns.SelectMany(pattern => new NamePattern(pattern).Choose(modules.Select(pair => pair.name), "modules of the network")).ToHashSet();
        foreach (var (name, module) in modules.Where(pair => chosen.Contains(pair.name) && !IsInside(pair.name)).DistinctBy(pair => pair.module, ReferenceEqualityComparer.Instance))
            yield return module as nn.Module<Tensor, Tensor> ?? throw new ArgumentException(
                $"CheckpointBlocks means '{name}', a {module.GetType().Name}, but only modules from one tensor to one tensor, Module<Tensor, Tensor>, can be computed again: "
                + $"choose what is inside of it, e.g. '{name}.*', or other modules.");

        bool IsInside(string name) => chosen.Any(outer => name.StartsWith($"{outer}.", StringComparison.Ordinal));
    }

    private Tensor Enter(nn.Module network, nn.Module<Tensor, Tensor> block, IReadOnlyList<Tensor> buffers, Tensor input)
    {
        if (!recomputing && running is null && network.training && is_grad_enabled() && (input.requires_grad || block.parameters().Any(parameter => parameter.requires_grad)))
            calls.Add(running = new BlockCall(this, block, new ForwardState(buffers, input.device), precision).StartForward());
        return input;
    }

    private Tensor Leave(nn.Module<Tensor, Tensor> block, Tensor input, Tensor output)
    {
        if (running is not { } call || call.Block != block)
            return output;

        call.EndForward();
        running = null;
        return RecomputedBlock.Of(call, input, anchor, output);
    }
}
