namespace MlComponents;

/// <summary>Examples that are read in their own order, one epoch after another, such as those of a source that doesn't fit into memory.</summary>
/// <remarks>For another order in every epoch wrap it in a <see cref="ShuffledStream"/>.</remarks>
public abstract class StreamingDataset : Dataset
{
    /// <summary>Reads the examples of an epoch in chunks of any size: a pure function of the epoch, so that a run can be resumed within one.</summary>
    /// <param name="epoch">Number of the epoch, from 1.</param>
    /// <returns>
    /// <see cref="Dataset.Count"/> examples in all, on the CPU; each chunk is taken over by the caller. It is read on one thread at a time, which need not be the caller's own.
    /// </returns>
    public abstract IEnumerable<Batch> Read(int epoch);
}
