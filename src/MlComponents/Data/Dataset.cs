namespace MlComponents;

/// <summary>Examples that can be read by number.</summary>
public abstract class Dataset
{
    /// <summary>Number of examples.</summary>
    public abstract long Count { get; }

    /// <summary>Shape of one example of each tensor by name, without the batch dimension.</summary>
    public abstract IReadOnlyDictionary<string, long[]> Shapes { get; }

    /// <summary>Copies examples into a batch on the CPU.</summary>
    /// <param name="indices">Numbers of the examples, each from 0 to <see cref="Count"/> − 1, in the order of the batch's rows.</param>
    public abstract Batch Gather(ReadOnlySpan<long> indices);
}
