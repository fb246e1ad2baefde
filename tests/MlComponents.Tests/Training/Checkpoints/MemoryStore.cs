namespace MlComponents.Tests.Training.Checkpoints;

/// <summary>Checkpoints in memory, copied as a store on a disk would.</summary>
internal sealed class MemoryStore : ICheckpointStore, IDisposable
{
    private readonly SortedDictionary<long, Checkpoint> checkpoints = [];

    public IReadOnlyList<long> Steps
    {
        get
        {
            lock (checkpoints)
                return [.. checkpoints.Keys];
        }
    }

    /// <summary>The step that is read as the latest; null for the newest.</summary>
    public long? Latest { get; set; }

    public void Prepare() { }

    public void Write(Checkpoint checkpoint)
    {
        Delete(checkpoint.Step);
        var copy = Copy(checkpoint);
        lock (checkpoints)
            checkpoints[checkpoint.Step] = copy;
    }

    public IReadOnlyDictionary<string, double> ReadMetrics(long step) => checkpoints[step].Metrics;

    public Checkpoint Read(long step) => Copy(checkpoints[step]);

    public Checkpoint? ReadLatest(Action<string> warn) => checkpoints.Count == 0 ? null : Read(Latest ?? checkpoints.Keys.Last());

    public void Delete(long step)
    {
        lock (checkpoints)
            if (checkpoints.Remove(step, out var old))
                old.Dispose();
    }

    public void Dispose() => Steps.ToList().ForEach(Delete);

    private static Checkpoint Copy(Checkpoint from)
    {
        var to = new Checkpoint { Step = from.Step, Epoch = from.Epoch, Batch = from.Batch, Definition = from.Definition, Environment = from.Environment, Metrics = from.Metrics };
        Copy(from.Weights, to.Weights);
        Copy(from.Optimizer, to.Optimizer);
        Copy(from.Run, to.Run);
        return to;
    }

    private static void Copy(ComponentState from, ComponentState to)
    {
        foreach (var (name, tensor) in from.Tensors)
            to.Set(name, tensor);
        foreach (var (name, value) in from.Values)
            to.Set(name, value);
        foreach (var (name, section) in from.Sections)
            Copy(section, to.Section(name));
    }
}
