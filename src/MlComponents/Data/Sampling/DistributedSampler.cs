namespace MlComponents;

/// <summary>One rank's share of the examples of another sampler: every rank reads as many, and together they read each. PyTorch's <c>DistributedSampler</c>.</summary>
/// <remarks>Rank r of W reads those at the places r, r + W, r + 2W and so on. The sampler must be the same on every rank, its seed included.</remarks>
public sealed class DistributedSampler : Sampler
{
    private readonly Sampler sampler;
    private readonly int rank;
    private readonly int worldSize;

    /// <summary>A rank's share.</summary>
    /// <param name="sampler">The order of the examples of all ranks.</param>
    /// <param name="rank">This process's number, at least 0 and below <paramref name="worldSize"/>.</param>
    /// <param name="worldSize">Number of processes, at least 1.</param>
    /// <param name="dropLast">Whether examples at the end that don't go round are left out of the epoch; otherwise those at its beginning are read once more. Default: false.</param>
    /// <exception cref="ArgumentException">There are no examples for each rank.</exception>
    public DistributedSampler(Sampler sampler, int rank, int worldSize, bool dropLast = false)
    {
        ArgumentNullException.ThrowIfNull(sampler);
        ArgumentOutOfRangeException.ThrowIfLessThan(worldSize, 1);
        if (rank < 0 || rank >= worldSize)
            throw new ArgumentOutOfRangeException(nameof(rank), rank, $"The rank is at least 0 and below the world size, {worldSize}.");
        (this.sampler, this.rank, this.worldSize) = (sampler, rank, worldSize);
        Count = dropLast ? sampler.Count / worldSize : (sampler.Count + worldSize - 1) / worldSize;
        if (Count == 0)
            throw new ArgumentException(
                $"The sampler has {sampler.Count} examples, which gives {worldSize} ranks none each: use fewer ranks{(sampler.Count > 0 ? ", or don't drop the last" : " and more examples")}.", nameof(sampler));
    }

    /// <inheritdoc/>
    public override long Count { get; }

    /// <inheritdoc/>
    public override bool Repeats => sampler.Repeats;

    /// <inheritdoc/>
    public override long[] Indices(int epoch)
    {
        var all = sampler.Indices(epoch);
        var own = new long[Count];
        for (var i = 0L; i < own.Length; i++)
            own[i] = all[(rank + i * worldSize) % all.Length];
        return own;
    }
}
