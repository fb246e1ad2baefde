namespace MlComponents;

/// <summary>One call of a watched module. Its tensors belong to the <see cref="Observer"/> and are valid until its next pass, <see cref="Observer.Clear"/> or <see cref="Observer.Dispose"/>.</summary>
public sealed class ObservedCall
{
    private readonly BlockCall? block;
    private Tensor? output;      // the very tensor of the graph, whose gradient libtorch keeps
    private Tensor? computed;    // its statistics
    private Tensor? gradient;
    private ActivationStatistics? statistics;

    internal ObservedCall(ObservedModule module, Tensor output, ObserverOptions options, BlockCall? block)
    {
        Module = module;
        this.block = block;
        if (options.Activations)
            Activation = output.detach().DetachFromDisposeScope();
        if (options.Statistics)
            computed = ActivationStatistics.Compute(output).DetachFromDisposeScope();
        if (options.Gradients)
            WaitForGradient(output);
    }

    /// <summary>What was called.</summary>
    public ObservedModule Module { get; }

    /// <summary>The output, without a graph; null where it isn't kept. It shares the memory of the network's own, so a module that changes it in place changes it here too.</summary>
    public Tensor? Activation { get; private set; }

    /// <summary>The gradient of that from which <c>backward()</c> started, with respect to the output; null before that, where none is computed, and where it isn't kept.</summary>
    public Tensor? Gradient => gradient ??= output?.grad?.DetachFromDisposeScope();

    /// <summary>What the numbers of the output are like; null where they weren't computed. The first reading waits for the device: <see cref="Observer.ReadStatistics"/> reads all at once.</summary>
    public ActivationStatistics? Statistics
    {
        get
        {
            if (computed is not null)
                Read(ActivationStatistics.Read([computed])[0]);
            return statistics;
        }
    }

    internal Tensor? Computed => computed;

    internal void Read(ActivationStatistics value)
    {
        statistics = value;
        computed?.Dispose();
        computed = null;
    }

    /// <summary>Whether this is the first time of a call within a block that is computed again, and has no gradient from it yet.</summary>
    internal bool IsRepeatedBy(BlockCall recomputed) => block == recomputed && output is null;

    internal void WaitForGradient(Tensor output)
    {
        if (!output.requires_grad)
            return;
        output.retain_grad();
        this.output = output.positive().DetachFromDisposeScope();   // the same tensor: an alias would have a gradient of its own
    }

    internal void Dispose()
    {
        Activation?.Dispose();
        output?.Dispose();
        computed?.Dispose();
        gradient?.Dispose();
        (Activation, output, computed, gradient) = (null, null, null, null);
    }
}
