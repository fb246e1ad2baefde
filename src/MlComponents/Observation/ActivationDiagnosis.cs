namespace MlComponents;

/// <summary>Looks for what goes wrong inside a network: the layer that first makes NaN or infinite numbers, units that are dead, activations that explode or vanish.</summary>
/// <remarks>
/// The network stays in its mode, train or eval, and computes without gradients; random generators and buffers are put back afterwards. A layer is a module that is called by
/// <c>call</c> with one to three tensors and returns one.
/// </remarks>
public static class ActivationDiagnosis
{
    /// <summary>Runs inputs through a network.</summary>
    /// <param name="network">The network.</param>
    /// <param name="inputs">At least one batch of inputs, [N, ...] each.</param>
    /// <param name="limits">Where it becomes a problem. Null: the defaults.</param>
    /// <exception cref="ArgumentException">There is no batch.</exception>
    public static ActivationReport Run(nn.Module<Tensor, Tensor> network, IEnumerable<Tensor> inputs, ActivationLimits? limits = null)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(inputs);
        return Run(network, inputs, x => (network.call(x), null), limits);
    }

    /// <summary>Runs batches through a network, and computes the loss.</summary>
    /// <param name="network">The network.</param>
    /// <param name="objective">The task.</param>
    /// <param name="batches">At least one batch, on the network's device; it stays the caller's.</param>
    /// <param name="limits">Where it becomes a problem. Null: the defaults.</param>
    /// <exception cref="ArgumentException">There is no batch.</exception>
    public static ActivationReport Run(nn.Module network, Objective objective, IEnumerable<Batch> batches, ActivationLimits? limits = null)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(objective);
        ArgumentNullException.ThrowIfNull(batches);
        return Run(network, batches, batch => Results(objective.Step(network, batch)), limits);
    }

    /// <summary>Runs batches through a network in a way of one's own.</summary>
    internal static ActivationReport Run<T>(nn.Module network, IEnumerable<T> batches, Func<T, (Tensor Output, Tensor? Loss)> forward, ActivationLimits? limits)
    {
        limits ??= new();
        OptionsValidation.Validate(limits);
        using var scope = NewDisposeScope();
        using var mode = no_grad();
        using var before = StateOf(network);
        using var watch = new ActivationWatch(network, ObservableModules.All(network), limits);
        var count = 0;
        try
        {
            foreach (var batch in batches)
            {
                using var step = NewDisposeScope();
                var (output, loss) = forward(batch);
                watch.End(output, loss);
                count++;
            }
        }
        finally
        {
            before.Restore();
        }
        return count > 0 ? watch.Report() : throw new ArgumentException("There is no batch to look at: give at least one.", nameof(batches));
    }

    /// <summary>Where the numbers of a step stop being finite: on the way to the loss, or else on the way back from it.</summary>
    /// <param name="network">The network; its parameters' gradients are changed.</param>
    /// <param name="batches">The batches of the step.</param>
    /// <param name="forward">Computes one.</param>
    internal static ActivationFinding? FindNonFinite(nn.Module network, IReadOnlyList<Batch> batches, Func<Batch, ObjectiveStep> forward) =>
        Run(network, batches, batch => Results(forward(batch)), limits: null).Findings.FirstOrDefault(finding => finding.Batch is not null)
        ?? batches.Select((batch, i) => FindGradient(network, i + 1, () => forward(batch).Loss)).FirstOrDefault(finding => finding is not null);

    private static ActivationFinding? FindGradient(nn.Module network, int batch, Func<Tensor> forward)
    {
        using var scope = NewDisposeScope();
        using var before = StateOf(network);
        using var observer = new Observer(network, ObservableModules.All(network), new() { Activations = false });
        try
        {
            forward().backward();
        }
        finally
        {
            before.Restore();
        }
        return observer.Calls.LastOrDefault(call => call.Gradient is { } gradient && gradient.isfinite().all().logical_not().item<bool>()) is { } last
            ? new(ActivationProblem.NonFiniteGradient, last.Module.Name, batch, $"The loss is finite, but on the way back from it the gradient of what {last.Module} returned is the first that is not.")
            : null;
    }

    private static ForwardState StateOf(nn.Module network) => new([.. network.buffers()], network.parameters().FirstOrDefault()?.device ?? CPU);

    private static (Tensor Output, Tensor? Loss) Results(ObjectiveStep step) => (step.Output, step.Loss);
}
