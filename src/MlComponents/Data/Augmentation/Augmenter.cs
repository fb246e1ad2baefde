namespace MlComponents;

/// <summary>Augmentations one after another, with random numbers that are a function of the seed, the epoch and the example alone.</summary>
internal sealed class Augmenter(IReadOnlyList<AugmentationDefinition> definitions, int seed)
{
    private readonly Augmentation[] augmentations = [.. definitions.Select(definition => definition.Create())];

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
