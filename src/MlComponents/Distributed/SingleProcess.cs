namespace MlComponents;

/// <summary>A group of one: every collective leaves its tensor as it is.</summary>
public sealed class SingleProcess : IProcessGroup
{
    /// <summary>The one instance; it has no state.</summary>
    public static SingleProcess Instance { get; } = new();

    private SingleProcess() { }

    /// <inheritdoc/>
    public int Rank => 0;

    /// <inheritdoc/>
    public int WorldSize => 1;

    /// <inheritdoc/>
    public void AllReduce(Tensor tensor, ReduceOp op) { }

    /// <inheritdoc/>
    public void Broadcast(Tensor tensor, int root = 0) { }

    /// <inheritdoc/>
    public IReadOnlyList<Tensor> AllGather(Tensor tensor) => [tensor.alias()];

    /// <inheritdoc/>
    public void Barrier() { }

    /// <inheritdoc/>
    public void Abort(int exitCode) => Environment.Exit(exitCode);
}
