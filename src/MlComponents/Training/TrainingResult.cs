namespace MlComponents;

/// <summary>A trained network and how it came about.</summary>
/// <param name="network">The network, in eval mode.</param>
/// <param name="context">What it was built for.</param>
/// <param name="history">One row per epoch.</param>
/// <param name="seed">The seed that was used.</param>
/// <param name="resumedFromStep">The step of the checkpoint from which the run went on, or null.</param>
public sealed class TrainingResult(nn.Module network, NetworkContext context, History history, int seed, long? resumedFromStep = null) : IDisposable
{
    /// <summary>The network, in eval mode, on <see cref="NetworkContext.Device"/>; its weights belong to no dispose scope.</summary>
    public nn.Module Network { get; } = network;

    /// <summary>What the network was built for.</summary>
    public NetworkContext Context { get; } = context;

    /// <summary>One row per epoch, and why the run ended early if it did.</summary>
    public History History { get; } = history;

    /// <summary>The seed that was used, given or drawn.</summary>
    public int Seed { get; } = seed;

    /// <summary>The step of the checkpoint from which the run went on; null when it began anew.</summary>
    public long? ResumedFromStep { get; } = resumedFromStep;

    /// <summary>Frees the network.</summary>
    public void Dispose() => Network.Dispose();
}
