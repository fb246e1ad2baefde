namespace MlComponents.Tests.Training.Checkpoints;

/// <summary>A store in memory whose writing can be held up, and can fail.</summary>
internal sealed class SlowStore : ICheckpointStore, IDisposable
{
    private readonly SortedDictionary<long, IReadOnlyDictionary<string, double>> stored = [];
    private readonly SemaphoreSlim begun = new(0);
    private readonly SemaphoreSlim allowed = new(0);

    /// <summary>Whether every writing waits for <see cref="Allow"/>.</summary>
    public bool IsSlow { get; init; }

    public Exception? Failure { get; set; }

    public Exception? FailureToDelete { get; set; }

    public List<long> Written { get; } = [];

    public Thread? Thread { get; private set; }

    public IReadOnlyList<long> Steps => [.. stored.Keys];

    public void Prepare()
    {
    }

    /// <summary>Waits until a writing has begun.</summary>
    public void AwaitBegun() => Assert.IsTrue(begun.Wait(TimeSpan.FromMinutes(1)));

    /// <summary>Lets writings end.</summary>
    public void Allow(int count) => allowed.Release(count);

    public void Add(long step, double loss) => stored[step] = new Dictionary<string, double> { [ExampleCheckpoint.Metric] = loss };

    public void Write(Checkpoint checkpoint)
    {
        Thread = Thread.CurrentThread;
        begun.Release();
        if (IsSlow)
            Assert.IsTrue(allowed.Wait(TimeSpan.FromMinutes(1)));
        if (Failure is not null)
            throw Failure;
        ExampleCheckpoint.AssertWhole(checkpoint, checkpoint.Step);
        stored[checkpoint.Step] = checkpoint.Metrics;
        Written.Add(checkpoint.Step);
    }

    public IReadOnlyDictionary<string, double> ReadMetrics(long step) => double.IsNegative(stored[step].GetValueOrDefault(ExampleCheckpoint.Metric))
        ? throw new InvalidDataException("It is damaged.") : stored[step];

    public Checkpoint Read(long step) => throw new NotSupportedException();

    public Checkpoint? ReadLatest(Action<string> warn) => throw new NotSupportedException();

    public void Delete(long step)
    {
        if (FailureToDelete is not null)
            throw FailureToDelete;
        stored.Remove(step);
    }

    public void Dispose()
    {
        begun.Dispose();
        allowed.Dispose();
    }
}
