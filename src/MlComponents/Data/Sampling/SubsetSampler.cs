namespace MlComponents;

/// <summary>Some examples of a data set: in their order, or in one drawn from the seed and the epoch alone, which is PyTorch's <c>SubsetRandomSampler</c>.</summary>
public sealed class SubsetSampler : Sampler
{
    private readonly long[] indices;
    private readonly int? seed;

    /// <summary>Some examples.</summary>
    /// <param name="indices">Their numbers, each at least 0; they are copied. A number that is there twice is read twice.</param>
    /// <param name="seed">Draws a new order for every epoch. Null, the default: the order of <paramref name="indices"/>.</param>
    /// <exception cref="ArgumentException">A number is negative.</exception>
    public SubsetSampler(IEnumerable<long> indices, int? seed = null)
    {
        this.indices = [.. indices];
        this.seed = seed;
        if (Array.FindIndex(this.indices, index => index < 0) is >= 0 and var at)
            throw new ArgumentException($"indices[{at}] is {this.indices[at]}, but examples are counted from 0.", nameof(indices));
        Repeats = this.indices.Distinct().Count() < this.indices.Length;
    }

    /// <inheritdoc/>
    public override long Count => indices.Length;

    /// <inheritdoc/>
    public override bool Repeats { get; }

    /// <inheritdoc/>
    public override long[] Indices(int epoch)
    {
        if (seed is not { } drawn)
            return [.. indices];
        using var generator = EpochGenerator.Create(drawn, epoch);
        return Permutations.Shuffle(indices, generator);
    }
}
