namespace MlComponents;

/// <summary>Batches of a stream: its chunks cut and joined, numbered by their place in the epoch.</summary>
internal sealed class StreamSource(StreamingDataset dataset, int batchSize, bool dropLast) : IBatchSource
{
    private readonly int batchSize = batchSize >= 1
        ? batchSize
        : throw new ArgumentOutOfRangeException(nameof(batchSize), batchSize, "A batch has at least 1 example.");

    public long Count => dropLast ? dataset.Count / batchSize : (dataset.Count + batchSize - 1) / batchSize;

    public IEnumerable<BatchRead> Reads(int epoch, long skip, long end)
    {
        if (skip >= end)
            yield break;
        using var rows = new StreamRows(dataset, epoch);
        rows.Skip(skip * batchSize);
        for (var number = skip; number < end; number++)
        {
            var start = rows.Position;
            var parts = rows.Take(batchSize, isLast: number == Count - 1);
            var places = new long[parts.Sum(part => part.Count)];
            for (var i = 0; i < places.Length; i++)
                places[i] = start + i;
            yield return new(places, () => Batch.Join(parts));
        }
    }
}
