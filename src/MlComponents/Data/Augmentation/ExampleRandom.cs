namespace MlComponents;

/// <summary>Random numbers for each example of a batch: a pure function of the seed, the epoch, the example's number and the place of the augmentation in the list.</summary>
/// <param name="seeds">A seed for each example of the batch.</param>
public sealed class ExampleRandom(IReadOnlyList<ulong> seeds)
{
    private readonly IReadOnlyList<ulong> seeds = seeds;
    private ulong draws;

    /// <summary>Uniform random numbers, at least 0 and below 1.</summary>
    /// <param name="count">Numbers per example, at least 1.</param>
    /// <returns>float32 [N, count] on the CPU, in the caller's dispose scope; other ones in every call.</returns>
    public Tensor Uniform(int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        var numbers = new float[seeds.Count * count];
        for (var example = 0; example < seeds.Count; example++)
            for (var i = 0; i < count; i++)
                numbers[example * count + i] = (SplitMix.Of(seeds[example] + SplitMix.Of(draws + (ulong)i)) >> 40) * (1f / (1 << 24));
        draws += (ulong)count;
        return tensor(numbers, [seeds.Count, count]);
    }
}
