namespace MlComponents;

/// <summary>The order in which the examples of a data set are read.</summary>
public abstract class Sampler
{
    /// <summary>Numbers of the examples of one epoch, a pure function of the epoch.</summary>
    /// <param name="epoch">Number of the epoch, from 1.</param>
    public abstract long[] Indices(int epoch);
}

/// <summary>Every example once, in the order of the data.</summary>
public sealed class SequentialSampler(long count) : Sampler
{
    private readonly long[] indices = [.. Enumerable.Range(0, checked((int)count)).Select(i => (long)i)];

    /// <inheritdoc/>
    public override long[] Indices(int epoch) => indices;
}

/// <summary>Every example once, in an order drawn from the seed and the epoch alone.</summary>
public sealed class RandomSampler(long count, int seed) : Sampler
{
    /// <inheritdoc/>
    public override long[] Indices(int epoch)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(SplitMix.Mix((ulong)(uint)seed << 32 | (uint)epoch) >> 32);   // libtorch's Mersenne Twister takes 32 bits

        return randperm(count, ScalarType.Int64, generator: generator).data<long>().ToArray();
    }
}
