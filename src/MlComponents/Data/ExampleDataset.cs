namespace MlComponents;

/// <summary>Examples that are read one by one, as files are: what a subclass needs is <see cref="Dataset.Count"/>, <see cref="Dataset.Shapes"/> and <see cref="Read"/>.</summary>
public abstract class ExampleDataset : MapDataset
{
    /// <summary>Reads one example; a loader with workers calls it from several threads at the same time.</summary>
    /// <param name="index">Its number, from 0 to <see cref="Dataset.Count"/> − 1.</param>
    public abstract Example Read(long index);

    /// <summary>Makes a batch of examples; by default each of its tensors is a stack of theirs.</summary>
    /// <param name="examples">At least one; they are freed by the caller.</param>
    /// <exception cref="InvalidDataException">They have other tensors, or tensors of other shapes or types, than the first.</exception>
    public virtual Batch Collate(IReadOnlyList<Example> examples)
    {
        ArgumentNullException.ThrowIfNull(examples);
        using var scope = NewDisposeScope();

        return new Batch(examples[0].Names.Select(name => KeyValuePair.Create(name, stack([.. examples.Select(example => example[name])]))));
    }

    /// <inheritdoc/>
    public sealed override Batch Gather(ReadOnlySpan<long> indices)
    {
        List<Example> examples = new(indices.Length);
        try
        {
            foreach (var index in indices)
                examples.Add(Read(index));
            return Collate(examples);
        }
        finally
        {
            examples.ForEach(example => example.Dispose());
        }
    }
}
