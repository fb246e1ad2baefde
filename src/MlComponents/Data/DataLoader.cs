namespace MlComponents;

/// <summary>Batches of a data set in a sampler's order.</summary>
/// <param name="dataset">The examples.</param>
/// <param name="sampler">Their order.</param>
/// <param name="batchSize">Examples per batch, at least 1; the last batch of an epoch may have fewer.</param>
/// <param name="device">Where the batches are needed.</param>
public sealed class DataLoader(Dataset dataset, Sampler sampler, int batchSize, Device device)
{
    private readonly int batchSize = batchSize >= 1
        ? batchSize
        : throw new ArgumentOutOfRangeException(nameof(batchSize), batchSize, "A batch has at least 1 example.");

    /// <summary>Shape in which one example's features are viewed, without the batch dimension. Null, the default: as the data has them.</summary>
    public IReadOnlyList<long>? FeaturesShape { get; init; }

    /// <summary>Whether a last batch of fewer examples is left out. Default: false.</summary>
    public bool DropLast { get; init; }

    /// <summary>Changes the examples at random. Null, the default: they stay as they are.</summary>
    internal Augmenter? Augmenter { get; init; }

    /// <summary>Batches after which an epoch ends even if there are more, at least 1. Null, the default: all.</summary>
    public long? MaxBatches { get; init; }

    /// <summary>Batches per epoch.</summary>
    public long Count => Math.Min(MaxBatches ?? long.MaxValue, DropLast ? dataset.Count / batchSize : (dataset.Count + batchSize - 1) / batchSize);

    /// <summary>The batches of one epoch; each is freed when the next one is asked for.</summary>
    /// <param name="epoch">Number of the epoch, from 1.</param>
    /// <param name="skip">Batches at its beginning that are left out, at least 0; nothing is read for them.</param>
    public IEnumerable<Batch> Epoch(int epoch, long skip = 0)
    {
        foreach (var batches in Epoch(epoch, skip, together: 1))
            yield return batches[0];
    }

    /// <summary>The batches of one epoch, several at a time; each group is freed when the next one is asked for.</summary>
    /// <param name="epoch">Number of the epoch, from 1.</param>
    /// <param name="skip">Batches at its beginning that are left out.</param>
    /// <param name="together">Batches in each group, at least 1; the last group may have fewer.</param>
    internal IEnumerable<IReadOnlyList<Batch>> Epoch(int epoch, long skip, int together)
    {
        var indices = sampler.Indices(epoch);
        var group = new List<Batch>(together);
        for (var number = skip; number < Count;)
            try
            {
                for (; group.Count < together && number < Count; number++)
                    group.Add(Read(epoch, indices.AsSpan((int)(number * batchSize))));
                yield return group;
            }
            finally
            {
                group.ForEach(batch => batch.Dispose());
                group.Clear();
            }
    }

    private Batch Read(int epoch, ReadOnlySpan<long> rest)
    {
        var indices = rest[..Math.Min(batchSize, rest.Length)];
        var batch = dataset.Gather(indices).ViewFeatures(FeaturesShape);
        return (Augmenter?.Apply(batch, indices, epoch) ?? batch).To(device);
    }
}
