namespace MlComponents;

/// <summary>Which examples of a data set make each batch.</summary>
public abstract class BatchSampler
{
    /// <summary>Batches of one epoch.</summary>
    public abstract long Count { get; }

    /// <summary>The batches of one epoch, each as the numbers of its examples, at least one: a pure function of the epoch.</summary>
    /// <param name="epoch">Number of the epoch, from 1.</param>
    public abstract IReadOnlyList<ReadOnlyMemory<long>> Batches(int epoch);
}

/// <summary>Batches of one size in the order of a sampler.</summary>
/// <param name="sampler">The order.</param>
/// <param name="batchSize">Examples per batch, at least 1; the last batch of an epoch may have fewer.</param>
/// <param name="dropLast">Whether a last batch of fewer examples is left out. Default: false.</param>
public sealed class SizedBatches(Sampler sampler, int batchSize, bool dropLast = false) : BatchSampler
{
    private readonly int batchSize = batchSize >= 1
        ? batchSize
        : throw new ArgumentOutOfRangeException(nameof(batchSize), batchSize, "A batch has at least 1 example.");

    /// <inheritdoc/>
    public override long Count => dropLast ? sampler.Count / batchSize : (sampler.Count + batchSize - 1) / batchSize;

    /// <inheritdoc/>
    public override IReadOnlyList<ReadOnlyMemory<long>> Batches(int epoch)
    {
        var indices = sampler.Indices(epoch).AsMemory();
        return [.. Enumerable.Range(0, checked((int)Count)).Select(number => (ReadOnlyMemory<long>)indices[(number * batchSize)..Math.Min((number + 1) * batchSize, indices.Length)])];
    }
}
