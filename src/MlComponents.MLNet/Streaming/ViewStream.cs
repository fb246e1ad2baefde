namespace MlComponents.MLNet;

/// <summary>Rows of a view, read from it anew in every epoch.</summary>
/// <param name="source">The view.</param>
/// <param name="count">How many of its rows are meant.</param>
/// <param name="takes">Which, by their ids. Null: all.</param>
/// <param name="seed">Draws the order as far as the view lets it be drawn. Null: the view's own order.</param>
internal sealed class ViewStream(RowSource source, long count, Func<DataViewRowId, bool>? takes, int? seed) : StreamingDataset
{
    private const long ChunkBytes = 1 << 18;

    private readonly long chunkRows = Math.Max(1, ChunkBytes / source.Columns.RowBytes);

    public override long Count => count;

    public override IReadOnlyDictionary<string, long[]> Shapes { get; } = source.Columns.Shapes;

    public override long ExampleBytes => source.Columns.RowBytes;

    public override string Order => seed is null ? "the view in its own order" : "the view in an order that it draws";

    public override IEnumerable<Batch> Read(int epoch)
    {
        using var rows = source.Read(seed is { } drawn ? new Random((int)SplitMix.Mix((ulong)(uint)drawn << 32 | (uint)epoch)) : null);
        for (var mayHaveMore = true; mayHaveMore;)
        {
            using var chunk = new RowCollector(source.Columns, chunkRows);
            mayHaveMore = chunk.Fill(rows, chunkRows, takes);
            if (chunk.Count > 0)
                yield return chunk.ToBatch();
        }
    }
}
