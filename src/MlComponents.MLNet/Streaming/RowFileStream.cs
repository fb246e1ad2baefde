namespace MlComponents.MLNet;

/// <summary>The rows of a <see cref="RowFile"/>.</summary>
/// <param name="file">The file.</param>
/// <param name="columns">The rows' columns.</param>
/// <param name="seed">Draws the order of the blocks in each epoch. Null: the rows come in the order in which they were written.</param>
internal sealed class RowFileStream(RowFile file, TrainingColumns columns, int? seed) : StreamingDataset
{
    private const long ChunkBytes = 1 << 20;

    private readonly long chunkRows = Math.Max(1, ChunkBytes / (file.BlockRows * columns.RowBytes)) * file.BlockRows;

    public override long Count => file.Count;

    public override IReadOnlyDictionary<string, long[]> Shapes { get; } = columns.Shapes;

    public override long ExampleBytes => columns.RowBytes;

    public override string Order => seed is null ? "the file in its order" : $"blocks of {file.BlockRows} rows in random order";

    public override IEnumerable<Batch> Read(int epoch)
    {
        foreach (var parts in Groups(epoch, chunkRows))
            yield return file.Read(parts);
    }

    public override IEnumerable<Batch> ReadGroups(int epoch, long examples)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(examples, 1);
        return InOneMemory();

        IEnumerable<Batch> InOneMemory()
        {
            using var memory = file.Allocate(Math.Min(examples, Count));
            foreach (var parts in Groups(epoch, examples))
            {
                file.Read(parts, memory);
                using var group = memory.Rows(0, parts.Sum(part => part.Rows));
                yield return group;
            }
        }
    }

    /// <summary>The rows of an epoch in groups of one size.</summary>
    private IEnumerable<IReadOnlyList<BlockPart>> Groups(int epoch, long rows)
    {
        Sampler order = seed is { } drawn ? new RandomSampler(file.Blocks, drawn) : new SequentialSampler(file.Blocks);
        var (group, missing) = (new List<BlockPart>(), rows);
        foreach (var block in order.Indices(epoch))
            for (var rest = file.Block(block); rest.Rows > 0;)
            {
                var part = rest with { Rows = Math.Min(missing, rest.Rows) };
                group.Add(part);
                rest = new(block, part.Start + part.Rows, rest.Rows - part.Rows);
                missing -= part.Rows;
                if (missing > 0)
                    continue;
                yield return group;
                (group, missing) = ([], rows);
            }
        if (group.Count > 0)
            yield return group;
    }
}
