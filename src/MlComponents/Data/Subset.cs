namespace MlComponents;

/// <summary>Some examples of a data set, without a copy.</summary>
/// <param name="rows">The data set.</param>
/// <param name="indices">Numbers of the examples in it, in their order here.</param>
public sealed class Subset(MapDataset rows, ReadOnlyMemory<long> indices) : MapDataset
{
    /// <inheritdoc/>
    public override long Count => indices.Length;

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, long[]> Shapes => rows.Shapes;

    /// <inheritdoc/>
    public override Batch Gather(ReadOnlySpan<long> indices)
    {
        var mapped = new long[indices.Length];
        for (var i = 0; i < mapped.Length; i++)
            mapped[i] = this.indices.Span[(int)indices[i]];
        return rows.Gather(mapped);
    }

    private readonly ReadOnlyMemory<long> indices = indices;
}
