namespace MlComponents;

/// <summary>Examples that can be read by number, many at once.</summary>
/// <remarks>A loader with workers reads from several threads at the same time. Where examples are read one by one, derive from <see cref="ExampleDataset"/>.</remarks>
public abstract class MapDataset : Dataset
{
    private const int ReadAtOnce = 256;

    /// <summary>Copies examples into a batch on the CPU.</summary>
    /// <param name="indices">Numbers of the examples, each from 0 to <see cref="Dataset.Count"/> − 1, in the order of the batch's rows.</param>
    public abstract Batch Gather(ReadOnlySpan<long> indices);

    /// <summary>Copies one tensor of examples, on the CPU; it belongs to the caller's dispose scope. By default all of their tensors are read: override it where one can be had for less, such as the labels of images.</summary>
    /// <param name="name">The tensor's name, one of <see cref="Dataset.Shapes"/>.</param>
    /// <param name="indices">As for <see cref="Gather"/>.</param>
    /// <returns>[N, ...], with the examples as its first dimension.</returns>
    public virtual Tensor GatherTensor(string name, ReadOnlySpan<long> indices)
    {
        using var scope = NewDisposeScope();

        using var batch = Gather(indices);
        return batch[name].alias().MoveToOuterDisposeScope();
    }

    /// <summary>Reads one number of every example, such as its label or its weight, a chunk of examples at a time.</summary>
    /// <param name="name">The name of a tensor with one number for each example.</param>
    /// <returns>The numbers, in the order of the examples; whole ones are exact up to 2⁵³.</returns>
    /// <exception cref="ArgumentException">There is no such tensor, or it has not one number for each example.</exception>
    /// <exception cref="InvalidDataException">The data set gave fewer or more examples than it was asked for.</exception>
    public double[] ReadNumbers(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (!Shapes.TryGetValue(name, out var shape))
            throw new ArgumentException($"The data set has no tensor '{name}'; it has {string.Join(", ", Shapes.Keys)}.", nameof(name));
        if (shape.Any(size => size != 1))
            throw new ArgumentException($"One '{name}' has the shape {Shown.Shape(shape)}, but one number for each example is needed here.", nameof(name));

        var numbers = new double[Count];
        for (var start = 0; start < numbers.Length; start += ReadAtOnce)
        {
            using var scope = NewDisposeScope();
            long[] indices = [.. Enumerable.Range(start, Math.Min(ReadAtOnce, numbers.Length - start)).Select(i => (long)i)];
            var chunk = GatherTensor(name, indices).to(ScalarType.Float64).contiguous().data<double>().ToArray();
            if (chunk.Length != indices.Length)
                throw new InvalidDataException($"The data set gave {chunk.Length} numbers '{name}' of {indices.Length} examples, from {start} on: it must give one of each.");
            chunk.CopyTo(numbers, start);
        }
        return numbers;
    }
}
