namespace MlComponents;

/// <summary>The examples of a stream through a pool of some of them, each drawn at random from those in the pool: every example once an epoch, in an order drawn from the seed and the epoch alone.</summary>
/// <remarks>
/// An example that comes in takes the place of one that is drawn. So it can't come out earlier than <see cref="PoolRows"/> places before its own in the stream, and it comes out that many places after on
/// average: where the source's order has a meaning that lasts longer than the pool, the source itself should be read in another order in every epoch.
/// </remarks>
/// <param name="source">The stream.</param>
/// <param name="poolRows">Examples in the pool, at least 1; the more, the better they are mixed.</param>
/// <param name="seed">Draws the order.</param>
public sealed class ShuffledStream(StreamingDataset source, long poolRows, int seed) : StreamingDataset
{
    private const long PieceBytes = 1 << 20;

    /// <summary>Examples in the pool.</summary>
    public long PoolRows { get; } = poolRows >= 1
        ? poolRows
        : throw new ArgumentOutOfRangeException(nameof(poolRows), poolRows, "A pool has at least 1 example.");

    /// <inheritdoc/>
    public override long Count => source.Count;

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, long[]> Shapes => source.Shapes;

    /// <inheritdoc/>
    public override long ExampleBytes => source.ExampleBytes;

    /// <inheritdoc/>
    public override string Order => $"drawn from a pool of {PoolRows} rows{(source.Order.Length > 0 ? $" of {source.Order}" : "")}";

    /// <inheritdoc/>
    public override IEnumerable<Batch> Read(int epoch)
    {
        var pieceRows = Math.Clamp(PieceBytes / Math.Max(1, ExampleBytes), 1, 1 << 13);
        using var rows = new StreamRows(source, epoch);
        using var pool = new RowPool(Math.Min(PoolRows, source.Count), EpochGenerator.State(seed, epoch));
        while (rows.Next(pieceRows) is { } piece)
        {
            Batch? drawn;
            using (piece)
                drawn = pool.Exchange(piece);
            if (drawn is not null)
                yield return drawn;
        }
        while (pool.Draw(pieceRows) is { } rest)
            yield return rest;
    }
}
