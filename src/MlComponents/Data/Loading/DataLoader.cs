namespace MlComponents;

/// <summary>Batches of a data set, in an order that doesn't depend on who reads them.</summary>
public sealed class DataLoader : IDisposable
{
    private readonly IBatchSource source;
    private readonly Device device;

    /// <summary>Batches of one size.</summary>
    /// <param name="dataset">The examples.</param>
    /// <param name="sampler">Their order.</param>
    /// <param name="batchSize">Examples per batch, at least 1; the last batch of an epoch may have fewer.</param>
    /// <param name="device">Where the batches are needed.</param>
    public DataLoader(MapDataset dataset, Sampler sampler, int batchSize, Device device) : this(dataset, new SizedBatches(sampler, batchSize), device) { }

    /// <summary>Batches that a sampler makes.</summary>
    /// <param name="dataset">The examples.</param>
    /// <param name="batches">Which of them make each batch.</param>
    /// <param name="device">Where the batches are needed.</param>
    public DataLoader(MapDataset dataset, BatchSampler batches, Device device) : this(new MapSource(dataset, batches), device) { }

    /// <summary>Batches of one size of a stream, in its order.</summary>
    /// <param name="dataset">The examples.</param>
    /// <param name="batchSize">Examples per batch, at least 1; the last batch of an epoch may have fewer.</param>
    /// <param name="dropLast">Whether a last batch of fewer examples is left out.</param>
    /// <param name="device">Where the batches are needed.</param>
    public DataLoader(StreamingDataset dataset, int batchSize, bool dropLast, Device device) : this(new StreamSource(dataset, batchSize, dropLast), device) { }

    private DataLoader(IBatchSource source, Device device) => (this.source, this.device) = (source, device);

    /// <summary>Shape in which one example's features are viewed, without the batch dimension. Null, the default: as the data has them.</summary>
    public IReadOnlyList<long>? FeaturesShape { get; init; }

    /// <summary>Type that features of floating-point numbers are converted to, once they are augmented. Null, the default: none.</summary>
    public ScalarType? FeaturesType { get; init; }

    /// <summary>Changes the examples at random. Null, the default: they stay as they are.</summary>
    internal Augmenter? Augmenter { get; init; }

    /// <summary>Batches after which an epoch ends even if there are more, at least 1. Null, the default: all.</summary>
    public long? MaxBatches { get; init; }

    /// <summary>How batches are read ahead. Default: not at all.</summary>
    public Prefetching Prefetching { get; init; } = new();

    /// <summary>Batches per epoch.</summary>
    public long Count => Math.Min(MaxBatches ?? long.MaxValue, source.Count);

    /// <summary>The batches of one epoch; each is freed when the next one is asked for.</summary>
    /// <param name="epoch">Number of the epoch, from 1.</param>
    /// <param name="skip">Batches at its beginning that are left out, at least 0; a map data set isn't read for them.</param>
    /// <param name="cancellationToken">Ends the epoch early, also while a batch is waited for.</param>
    public IEnumerable<Batch> Epoch(int epoch, long skip = 0, CancellationToken cancellationToken = default)
    {
        foreach (var batches in Epoch(epoch, skip, together: 1, cancellationToken))
            yield return batches[0];
    }

    /// <summary>The batches of one epoch, several at a time; each group is freed when the next one is asked for.</summary>
    /// <param name="epoch">Number of the epoch, from 1.</param>
    /// <param name="skip">Batches at its beginning that are left out.</param>
    /// <param name="together">Batches in each group, at least 1; the last group may have fewer.</param>
    /// <param name="cancellationToken">Ends the epoch early, also while a batch is waited for.</param>
    internal IEnumerable<IReadOnlyList<Batch>> Epoch(int epoch, long skip, int together, CancellationToken cancellationToken = default)
    {
        var group = new List<Batch>(together);
        using var reads = source.Reads(epoch, skip, Count).GetEnumerator();
        for (var isLast = false; !isLast;)
            try
            {
                while (group.Count < together && !(isLast = cancellationToken.IsCancellationRequested || !reads.MoveNext()))
                    group.Add(Prepare(reads.Current(), epoch));
                if (group.Count > 0)
                    yield return group;
            }
            finally
            {
                group.ForEach(batch => batch.Dispose());
                group.Clear();
            }
    }

    /// <summary>Ends the workers that live on between epochs.</summary>
    public void Dispose() { }

    private Batch Prepare(NumberedBatch read, int epoch)
    {
        var batch = read.Batch.ViewFeatures(FeaturesShape);
        return (Augmenter?.Apply(batch, read.Numbers.Span, epoch) ?? batch).ConvertFeatures(FeaturesType).To(device);
    }
}
