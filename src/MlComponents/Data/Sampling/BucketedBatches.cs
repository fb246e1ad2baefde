namespace MlComponents;

/// <summary>Batches of examples of similar lengths, so that padding them to the longest of their batch wastes little; every example of a sampler once, in an order drawn from the seed and the epoch alone.</summary>
/// <remarks>
/// The sampler's order is cut into windows, each of which is sorted by length and cut into batches; then all batches are put into a random order. The larger the windows, the less is padded and the less
/// is random about which examples meet in a batch. Lengths that differ within a batch need a <see cref="ExampleDataset.Collate"/> that pads.
/// </remarks>
public sealed class BucketedBatches : BatchSampler
{
    private readonly Sampler sampler;
    private readonly IReadOnlyList<long> lengths;
    private readonly int batchSize;
    private readonly int seed;
    private readonly int windowBatches;
    private readonly bool dropLast;

    /// <summary>Batches by length.</summary>
    /// <param name="sampler">The examples; those that meet in a window come one after another in its order.</param>
    /// <param name="lengths">Length of each example of the data set in any unit, at least 0.</param>
    /// <param name="batchSize">Examples per batch, at least 1; one batch of an epoch may have fewer.</param>
    /// <param name="seed">Draws the order of the batches.</param>
    /// <param name="windowBatches">Batches of each window, at least 1. Default 100.</param>
    /// <param name="dropLast">Whether a batch of fewer examples is left out. Default: false.</param>
    /// <exception cref="ArgumentException">A length is negative.</exception>
    public BucketedBatches(Sampler sampler, IReadOnlyList<long> lengths, int batchSize, int seed, int windowBatches = 100, bool dropLast = false)
    {
        ArgumentNullException.ThrowIfNull(sampler);
        ArgumentNullException.ThrowIfNull(lengths);
        if (batchSize < 1)
            throw new ArgumentOutOfRangeException(nameof(batchSize), batchSize, "A batch has at least 1 example.");
        if (windowBatches < 1)
            throw new ArgumentOutOfRangeException(nameof(windowBatches), windowBatches, "A window has at least 1 batch.");
        for (var i = 0; i < lengths.Count; i++)
            if (lengths[i] < 0)
                throw new ArgumentException($"lengths[{i}] is {lengths[i]}, but lengths are at least 0.", nameof(lengths));
        (this.sampler, this.lengths, this.batchSize, this.seed, this.windowBatches, this.dropLast) = (sampler, lengths, batchSize, seed, windowBatches, dropLast);
    }

    /// <inheritdoc/>
    public override long Count => SizedBatches.CountOf(sampler.Count, batchSize, dropLast);

    /// <inheritdoc/>
    public override bool Repeats => sampler.Repeats;

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">The sampler has an example without a length.</exception>
    public override IReadOnlyList<ReadOnlyMemory<long>> Batches(int epoch)
    {
        using var generator = EpochGenerator.Create(seed, epoch);

        var indices = sampler.Indices(epoch);
        if (Array.FindIndex(indices, index => index >= lengths.Count) is >= 0 and var at)
            throw new InvalidOperationException($"The sampler has the example {indices[at]}, but there are only {lengths.Count} lengths: give every example of the data set one.");
        var windowSize = (int)Math.Min((long)windowBatches * batchSize, Math.Max(1, indices.Length));   // all but the last hold whole batches
        var batches = indices.Chunk(windowSize).SelectMany(window => window.OrderBy(index => lengths[(int)index]).Chunk(batchSize));
        return Permutations.Shuffle(batches.Where(batch => !dropLast || batch.Length == batchSize).Select(batch => new ReadOnlyMemory<long>(batch)).ToList(), generator);
    }
}
