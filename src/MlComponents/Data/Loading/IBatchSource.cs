namespace MlComponents;

/// <summary>What is to be done for one batch.</summary>
/// <param name="Numbers">What messages call its examples: their numbers in a map data set, their places in the epoch of a stream.</param>
/// <param name="Read">Reads the examples, on the CPU. It can be called on any thread, beside the reads of other batches.</param>
internal readonly record struct BatchRead(ReadOnlyMemory<long> Numbers, Func<Batch> Read)
{
    /// <summary>What random changes of each example are drawn by: its number, or its place in the epoch where examples come again.</summary>
    public ReadOnlyMemory<long> DrawnBy { get; init; } = Numbers;
}

/// <summary>Where a loader's batches come from.</summary>
internal interface IBatchSource
{
    /// <summary>Batches per epoch.</summary>
    long Count { get; }

    /// <summary>
    /// What is to be done for each batch of an epoch, in their order: asked for by one thread at a time, though not always by the same. Each read that was asked for is done, so that it may hold
    /// tensors.
    /// </summary>
    /// <param name="epoch">Number of the epoch, from 1.</param>
    /// <param name="skip">Batches at its beginning that are left out.</param>
    /// <param name="end">Number of batches after which it ends.</param>
    IEnumerable<BatchRead> Reads(int epoch, long skip, long end);
}
