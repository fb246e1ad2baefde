namespace MlComponents;

/// <summary>Examples in an order drawn from the seed and the epoch alone: every example once, unless told otherwise. PyTorch's <c>RandomSampler</c>.</summary>
public sealed class RandomSampler : Sampler
{
    private readonly long examples;
    private readonly int seed;
    private readonly bool replacement;

    /// <summary>Examples in a random order.</summary>
    /// <param name="count">Number of examples, at least 0.</param>
    /// <param name="seed">Draws the order.</param>
    /// <param name="replacement">Whether each draw is from all examples, so that some come several times and others never; otherwise none comes again before all have come. Default: false.</param>
    /// <param name="draws">Examples of one epoch, at least 1. Null, the default: <paramref name="count"/>.</param>
    public RandomSampler(long count, int seed, bool replacement = false, long? draws = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        Count = Draws(draws, count);
        (examples, this.seed, this.replacement) = (count, seed, replacement);
    }

    /// <inheritdoc/>
    public override long Count { get; }

    /// <inheritdoc/>
    public override bool Repeats => replacement || Count > examples;

    /// <inheritdoc/>
    public override long[] Indices(int epoch)
    {
        using var scope = NewDisposeScope();
        using var generator = EpochGenerator.Create(seed, epoch);

        return replacement && Count > 0
            ? randint(0, examples, [Count], ScalarType.Int64, generator: generator).data<long>().ToArray()
            : Permutations.Draw(examples, Count, generator);
    }
}
