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

    /// <summary>Reads the same examples in the same order in groups of one size, which all have the same memory. By default copies of what <see cref="Read"/> gives; a source that can read into memory that is there should.</summary>
    /// <param name="epoch">Number of the epoch, from 1.</param>
    /// <param name="examples">Examples per group, at least 1; the last group may have fewer.</param>
    /// <returns>The groups, on the CPU; each is the stream's own, and valid until the next one is asked for.</returns>
    /// <exception cref="InvalidDataException"><see cref="Read"/> failed, or gave something else than it says.</exception>
    public virtual IEnumerable<Batch> ReadGroups(int epoch, long examples)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(examples, 1);
        return Groups();

        IEnumerable<Batch> Groups()
        {
            var size = Math.Clamp(Count, 1, examples);
            using var rows = new StreamRows(this, epoch);
            Batch? memory = null;
            try
            {
                while (true)
                {
                    var count = 0L;
                    while (count < size && rows.Next(size - count) is { } chunk)
                        using (chunk)
                        {
                            memory ??= chunk.Like(size);
                            memory.Write(chunk, count);
                            count += chunk.Count;
                        }
                    if (count == 0)
                        yield break;
                    using var group = memory!.Rows(0, count);
                    yield return group;
                }
            }
            finally
            {
                memory?.Dispose();
            }
        }
    }
}
