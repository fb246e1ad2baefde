namespace MlComponents;

/// <summary>A batch as it was read.</summary>
/// <param name="Batch">The examples, on the CPU.</param>
/// <param name="Numbers">What random changes of each of them are drawn by: its number in a map data set, its place in the epoch of a stream.</param>
internal readonly record struct NumberedBatch(Batch Batch, ReadOnlyMemory<long> Numbers);

/// <summary>Where a loader's batches come from.</summary>
internal interface IBatchSource
{
    /// <summary>Batches per epoch.</summary>
    long Count { get; }

    /// <summary>What is to be done for each batch of an epoch, in their order; the reads themselves can be done on other threads, side by side.</summary>
    /// <param name="epoch">Number of the epoch, from 1.</param>
    /// <param name="skip">Batches at its beginning that are left out.</param>
    /// <param name="end">Number of batches after which it ends.</param>
    IEnumerable<Func<NumberedBatch>> Reads(int epoch, long skip, long end);
}

/// <summary>Batches of a map data set.</summary>
internal sealed class MapSource(MapDataset dataset, BatchSampler batches) : IBatchSource
{
    public long Count => batches.Count;

    public IEnumerable<Func<NumberedBatch>> Reads(int epoch, long skip, long end)
    {
        var all = batches.Batches(epoch);
        for (var number = skip; number < end; number++)
        {
            var indices = all[(int)number];
            yield return () => new(dataset.Gather(indices.Span), indices);
        }
    }
}
