namespace MlComponents.Tests.Data.Loading;

/// <summary>Rows that hold their own number, and tell when they are read.</summary>
/// <param name="count">Number of rows.</param>
/// <param name="onRead">Hears, on the thread that reads, the number of the first row of each batch before it is made. Null: nobody.</param>
internal sealed class NumberedRows(int count, Action<long>? onRead = null) : MapDataset
{
    public override long Count { get; } = count;

    public override IReadOnlyDictionary<string, long[]> Shapes { get; } = new Dictionary<string, long[]> { [Batch.FeaturesName] = [3], [Batch.LabelName] = [] };

    public override Batch Gather(ReadOnlySpan<long> indices)
    {
        using var scope = NewDisposeScope();

        onRead?.Invoke(indices[0]);
        var label = tensor(indices.ToArray());                                                     // [N]
        var features = label.to(float32).unsqueeze(1) * tensor(new float[] { 1, 0.5f, 0.25f });    // [N, 3]
        return new([KeyValuePair.Create(Batch.FeaturesName, features), KeyValuePair.Create(Batch.LabelName, label)]);
    }
}

/// <summary>What tests look at in batches.</summary>
internal static class Batches
{
    /// <summary>Every number of a batch, the names of its tensors, their types and shapes.</summary>
    public static string Bits(Batch batch) => string.Join("; ", batch.Names.Order(StringComparer.Ordinal).Select(name =>
        $"{name} {batch[name].dtype} [{string.Join(", ", batch[name].shape)}] {Convert.ToHexString(batch[name].contiguous().bytes)}"));

    /// <summary>The numbers of a batch of <see cref="NumberedRows"/>.</summary>
    public static long[] Numbers(Batch batch) => batch.Label.data<long>().ToArray();
}

/// <summary>The threads of a loader's workers.</summary>
internal sealed class WorkerThreads
{
    private readonly List<Thread> threads = [];

    /// <summary>Those that have begun.</summary>
    public IReadOnlyList<Thread> All
    {
        get
        {
            lock (threads)
                return [.. threads];
        }
    }

    /// <summary>How many of them haven't ended.</summary>
    public int Alive => All.Count(thread => thread.IsAlive);

    /// <summary>For <see cref="Prefetching.WorkerStart"/>.</summary>
    public void Start(int number)
    {
        lock (threads)
            threads.Add(Thread.CurrentThread);
    }
}
