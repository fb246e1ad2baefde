namespace MlComponents;

/// <summary>Every example once, in an order drawn from the seed and the epoch alone.</summary>
/// <param name="count">Number of examples, at least 0.</param>
/// <param name="seed">Draws the order.</param>
public sealed class RandomSampler(long count, int seed) : Sampler
{
    /// <inheritdoc/>
    public override long Count => count;

    /// <inheritdoc/>
    public override long[] Indices(int epoch)
    {
        using var scope = NewDisposeScope();
        using var generator = EpochGenerator.Create(seed, epoch);

        return randperm(count, ScalarType.Int64, generator: generator).data<long>().ToArray();
    }
}
