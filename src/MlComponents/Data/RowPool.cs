namespace MlComponents;

/// <summary>Some rows of a stream in contiguous tensors, which come out in random order.</summary>
/// <param name="capacity">The most rows, at least 1.</param>
internal sealed class RowPool(long capacity) : IDisposable
{
    private readonly Dictionary<string, Tensor> rows = [];
    private Tensor? order;   // places of the rows that are in, in the order in which they come out
    private long count;
    private long drawn;

    /// <summary>Reads the next rows of a stream into the place of those that came out.</summary>
    /// <param name="source">The stream.</param>
    /// <param name="generator">Draws their order.</param>
    /// <returns>Whether there are any.</returns>
    public bool Fill(StreamRows source, Generator generator)
    {
        count = drawn = 0;
        while (count < capacity && source.Next(capacity - count) is { } chunk)
            using (chunk)
                Add(chunk);
        order?.Dispose();
        order = randperm(count, capacity <= int.MaxValue ? ScalarType.Int32 : ScalarType.Int64, generator: generator).DetachFromDisposeScope();
        return count > 0;
    }

    /// <summary>Draws rows until none is left.</summary>
    /// <param name="most">The most rows to draw, at least 1.</param>
    /// <returns>Some rows; null where none is left.</returns>
    public Batch? Draw(long most)
    {
        using var scope = NewDisposeScope();

        var taken = Math.Min(most, count - drawn);
        if (taken == 0)
            return null;
        var places = order!.narrow(0, drawn, taken);   // [taken]
        drawn += taken;
        return new Batch(rows.Select(pair => KeyValuePair.Create(pair.Key, pair.Value.index_select(0, places))));
    }

    public void Dispose()
    {
        order?.Dispose();
        foreach (var tensor in rows.Values)
            tensor.Dispose();
    }

    private void Add(Batch chunk)
    {
        using var scope = NewDisposeScope();

        foreach (var (name, tensor) in chunk.Tensors)
        {
            if (!rows.TryGetValue(name, out var all))
                rows.Add(name, all = empty([capacity, .. tensor.shape[1..]], tensor.dtype).DetachFromDisposeScope());
            all.narrow(0, count, chunk.Count).copy_(tensor);
        }
        count += chunk.Count;
    }
}
