namespace MlComponents;

/// <summary>Augmentations one after another, with random numbers that are a function of the seed, the epoch and the example alone.</summary>
internal sealed class Augmenter
{
    private readonly Augmentation[] augmentations;
    private readonly int seed;

    /// <param name="definitions">What to do, in this order.</param>
    /// <param name="seed">Seed of the run.</param>
    /// <param name="shapes">Shape of one example of each tensor.</param>
    /// <exception cref="ArgumentException">An augmentation can't change examples of such shapes.</exception>
    public Augmenter(IReadOnlyList<AugmentationDefinition> definitions, int seed, IReadOnlyDictionary<string, long[]> shapes)
    {
        this.seed = seed;
        augmentations = [.. definitions.Select(definition => definition.Create(shapes))];
    }

    /// <summary>Changes a batch.</summary>
    /// <param name="batch">The examples; they are taken over.</param>
    /// <param name="indices">Their numbers in the data set.</param>
    /// <param name="epoch">Number of the epoch, from 1.</param>
    public Batch Apply(Batch batch, ReadOnlySpan<long> indices, int epoch)
    {
        for (var place = 0; place < augmentations.Length; place++)
        {
            var seeds = new ulong[indices.Length];
            var common = SplitMix.Of((ulong)(uint)seed << 32 | (uint)epoch) + (ulong)place;
            for (var i = 0; i < seeds.Length; i++)
                seeds[i] = SplitMix.Of(SplitMix.Of(common) + (ulong)indices[i]);
            batch = augmentations[place].Apply(batch, new ExampleRandom(seeds));
        }
        return batch;
    }
}
