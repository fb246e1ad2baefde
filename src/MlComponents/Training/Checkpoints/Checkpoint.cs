using System.Text.Json.Nodes;

namespace MlComponents;

/// <summary>Everything of a run between two of its steps, from which it goes on as if it had never stopped.</summary>
/// <remarks>It owns the tensors of its states, which are on the CPU and belong to no dispose scope.</remarks>
public sealed class Checkpoint : IDisposable
{
    /// <summary>An empty one, to be filled from a run.</summary>
    public Checkpoint()
        : this(new(), new(), new())
    {
    }

    /// <summary>One of states that are there already, and that it takes over.</summary>
    internal Checkpoint(ComponentState weights, ComponentState optimizer, ComponentState run)
    {
        Weights = weights;
        Optimizer = optimizer;
        Run = run;
    }

    /// <summary>Optimizer steps done. At least 0.</summary>
    public required long Step { get; init; }

    /// <summary>Number of the epoch that the run is in, from 1.</summary>
    public required int Epoch { get; init; }

    /// <summary>Batches of that epoch that are done. At least 0.</summary>
    public required long Batch { get; init; }

    /// <summary>What must be equal in the run that goes on, as plain values by name: the network, its parameters, the batch size, the seed, the rows and so on.</summary>
    public required JsonObject Definition { get; init; }

    /// <summary>What may differ in the run that goes on but may change the bits of its result, as plain values by name: threads, processor, versions.</summary>
    public required JsonObject Environment { get; init; }

    /// <summary>The metrics of the latest validation by their full names; empty before the first.</summary>
    public required IReadOnlyDictionary<string, double> Metrics { get; init; }

    /// <summary>The network's weights and buffers, by their names in its state dict.</summary>
    public ComponentState Weights { get; }

    /// <summary>What the optimizer remembers.</summary>
    public ComponentState Optimizer { get; }

    /// <summary>Everything else: averages, random generators, callbacks, the history.</summary>
    public ComponentState Run { get; }

    /// <summary>Frees the tensors.</summary>
    public void Dispose()
    {
        Weights.Dispose();
        Optimizer.Dispose();
        Run.Dispose();
    }
}
