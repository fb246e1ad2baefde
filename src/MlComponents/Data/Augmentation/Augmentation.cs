namespace MlComponents;

/// <summary>
/// Changes the examples of a batch at random, each by random numbers of its own, so that a batch's neighbours and the order of work make no difference; only what mixes
/// examples depends on which ones are in the batch.
/// </summary>
public abstract class Augmentation
{
    /// <summary>Changes a batch.</summary>
    /// <param name="batch">The examples, on the CPU; they are taken over.</param>
    /// <param name="random">Uniform random numbers for each of them.</param>
    /// <returns>The changed batch, or the same one (<see cref="Batch.Set"/>).</returns>
    public abstract Batch Apply(Batch batch, ExampleRandom random);

    /// <summary>Refuses whole numbers where numbers in between are computed.</summary>
    private protected static void CheckType(string owner, Tensor features)
    {
        if (!features.is_floating_point())
            throw new ArgumentException($"{owner} computes values in between, but the features hold {features.dtype}: convert them to floating-point numbers, or leave {owner} out.");
    }
}
