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

    /// <summary>Batches per epoch.</summary>
    public long Count => (dataset.Count + batchSize - 1) / batchSize;

    /// <summary>The batches of one epoch; each is freed when the next one is asked for.</summary>
    /// <param name="epoch">Number of the epoch, from 1.</param>
    public IEnumerable<Batch> Epoch(int epoch)
    {
        var indices = sampler.Indices(epoch);
        for (var start = 0; start < indices.Length; start += batchSize)
        {
            using var batch = dataset.Gather(indices.AsSpan(start, Math.Min(batchSize, indices.Length - start))).To(device).ViewFeatures(FeaturesShape);
            yield return batch;
        }
    }
}
