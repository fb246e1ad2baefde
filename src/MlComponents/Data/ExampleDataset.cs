namespace MlComponents;

/// <summary>Examples that are read one by one, as files are: what a subclass needs is <see cref="Dataset.Count"/>, <see cref="Dataset.Shapes"/> and <see cref="Read"/>.</summary>
/// <example>
/// Whole, for a folder of raw pictures of 28 by 28 bytes, each called by its class, such as <c>7-000123.raw</c>:
/// <code>
/// sealed class Pictures(string folder) : ExampleDataset
/// {
///     private readonly string[] files = [.. Directory.GetFiles(folder).Order(StringComparer.Ordinal)];
///     public override long Count => files.Length;
///     public override IReadOnlyDictionary&lt;string, long[]&gt; Shapes { get; } = new Dictionary&lt;string, long[]&gt; { ["features"] = [1, 28, 28], ["label"] = [] };
///     public override Example Read(long index) => new(
///         features: tensor(Array.ConvertAll(File.ReadAllBytes(files[index]), pixel => pixel / 255f)).reshape(1, 28, 28),
///         label: tensor(long.Parse(Path.GetFileName(files[index])[..1])));
/// }
/// </code>
/// </example>
public abstract class ExampleDataset : MapDataset
{
    /// <summary>Reads one example; a loader with workers calls it from several threads at the same time.</summary>
    /// <param name="index">Its number, from 0 to <see cref="Dataset.Count"/> − 1.</param>
    /// <returns>The example; other tensors that were made for it are freed, so one to be kept is to be taken out of its dispose scope.</returns>
    public abstract Example Read(long index);

    /// <summary>Makes a batch of examples; by default each of its tensors is a stack of theirs.</summary>
    /// <param name="examples">At least one; they are freed by the caller.</param>
    /// <exception cref="InvalidDataException">One of them has other tensors, or tensors of other shapes or types, than the first.</exception>
    public virtual Batch Collate(IReadOnlyList<Example> examples)
    {
        ArgumentNullException.ThrowIfNull(examples);
        foreach (var example in examples.Skip(1))
            example.CheckLike(examples[0]);
        using var scope = NewDisposeScope();

        return new Batch(examples[0].Names.Select(name => KeyValuePair.Create(name, stack([.. examples.Select(example => example[name])]))));
    }

    /// <inheritdoc/>
    /// <exception cref="BatchReadException"><see cref="Read"/> failed; it names the example.</exception>
    public sealed override Batch Gather(ReadOnlySpan<long> indices)
    {
        using var scope = NewDisposeScope();

        List<Example> examples = new(indices.Length);
        try
        {
            foreach (var index in indices)
                examples.Add(ReadNumbered(index));
            return Collate(examples);
        }
        finally
        {
            examples.ForEach(example => example.Dispose());
        }
    }

    private Example ReadNumbered(long index)
    {
        try
        {
            var example = Read(index) ?? throw new InvalidDataException("Read gave null for it.");
            example.Number = index;
            return example;
        }
        catch (Exception e)
        {
            throw BatchReadException.Of($"Example {index}", e, [index]);
        }
    }
}
