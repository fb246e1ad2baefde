namespace MlComponents.MLNet;

/// <summary>The rows of a <see cref="RowFile"/>.</summary>
/// <param name="file">The file.</param>
/// <param name="columns">The rows' columns.</param>
/// <param name="seed">Draws the order of the blocks in each epoch. Null: the rows come in the order in which they were written.</param>
internal sealed class RowFileStream(RowFile file, TrainingColumns columns, int? seed) : StreamingDataset
{
    private const long ChunkBytes = 1 << 20;

    private readonly int chunkBlocks = (int)Math.Max(1, ChunkBytes / (file.BlockRows * columns.RowBytes));

    public override long Count => file.Count;

    public override IReadOnlyDictionary<string, long[]> Shapes { get; } = columns.Shapes;

    public override long ExampleBytes => columns.RowBytes;

    public override string Order => seed is null ? "the file in its order" : $"blocks of {file.BlockRows} rows in random order";

    public override IEnumerable<Batch> Read(int epoch)
    {
        Sampler order = seed is { } drawn ? new RandomSampler(file.Blocks, drawn) : new SequentialSampler(file.Blocks);
        var blocks = order.Indices(epoch);
        for (var start = 0; start < blocks.Length; start += chunkBlocks)
            yield return file.Read(new ArraySegment<long>(blocks, start, Math.Min(chunkBlocks, blocks.Length - start)));
    }
}
