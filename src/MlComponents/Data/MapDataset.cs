namespace MlComponents;

/// <summary>Examples that can be read by number, many at once.</summary>
/// <remarks>A loader with workers reads from several threads at the same time. Where examples are read one by one, derive from <see cref="ExampleDataset"/>.</remarks>
public abstract class MapDataset : Dataset
{
    /// <summary>Copies examples into a batch on the CPU.</summary>
    /// <param name="indices">Numbers of the examples, each from 0 to <see cref="Dataset.Count"/> − 1, in the order of the batch's rows.</param>
    public abstract Batch Gather(ReadOnlySpan<long> indices);
}
