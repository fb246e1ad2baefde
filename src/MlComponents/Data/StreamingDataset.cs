namespace MlComponents;

/// <summary>Examples that are read in their own order, one epoch after another, such as those of a source that doesn't fit into memory.</summary>
/// <remarks>For another order in every epoch wrap it in a <see cref="ShuffledStream"/>.</remarks>
public abstract class StreamingDataset : Dataset
{
    /// <summary>Bytes that one example takes in memory. Default: 8 for each number, the most that a type takes.</summary>
    public virtual long ExampleBytes => Shapes.Values.Sum(shape => 8 * shape.Aggregate(1L, (product, size) => product * size));

    /// <summary>What the order of the examples depends on besides seed and epoch, for people to read: a run goes on from a checkpoint only where it is the same. Default: nothing, the empty text.</summary>
    public virtual string Order => "";

    /// <summary>Reads the examples of an epoch in chunks of any size, each with the tensors of <see cref="Dataset.Shapes"/> in types that stay the same: a pure function of the epoch, so that a run can be resumed within one.</summary>
    /// <param name="epoch">Number of the epoch, from 1.</param>
    /// <returns>
    /// <see cref="Dataset.Count"/> examples in all, on the CPU; each chunk is taken over by the caller. It is read on one thread at a time, which need not be the caller's own.
    /// </returns>
    public abstract IEnumerable<Batch> Read(int epoch);
}
