namespace MlComponents;

/// <summary>The examples of a stream in groups that a pool holds, each group in random order: every example once an epoch, in an order drawn from the seed and the epoch alone.</summary>
/// <remarks>
/// The groups are of one size, as near to <see cref="PoolRows"/> as it can be, and an example stays in its own: where the source's order has a meaning that lasts longer than the pool, the source itself
/// should be read in another order in every epoch.
/// </remarks>
/// <param name="source">The stream.</param>
/// <param name="poolRows">The most examples in the pool, at least 1; the more, the better they are mixed.</param>
/// <param name="seed">Draws the order.</param>
public sealed class ShuffledStream(StreamingDataset source, long poolRows, int seed) : StreamingDataset
{
    private const long PieceBytes = 1 << 20;

    /// <summary>The most examples in the pool.</summary>
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
        var groups = Math.Max(1, (source.Count + PoolRows - 1) / PoolRows);
        var pieceRows = Math.Max(1, PieceBytes / Math.Max(1, ExampleBytes));
        using var generator = EpochGenerator.Create(seed, epoch);
        foreach (var pool in source.ReadGroups(epoch, Math.Max(1, (source.Count + groups - 1) / groups)))
        {
            using var order = randperm(pool.Count, PoolRows <= int.MaxValue ? ScalarType.Int32 : ScalarType.Int64, generator: generator).DetachFromDisposeScope();
            for (var drawn = 0L; drawn < pool.Count; drawn += pieceRows)
                yield return Draw(pool, order, drawn, Math.Min(pieceRows, pool.Count - drawn));
        }
    }

    private static Batch Draw(Batch pool, Tensor order, long start, long count)
    {
        using var scope = NewDisposeScope();

        var places = order.narrow(0, start, count);   // [count]
        return new Batch(pool.Tensors.Select(pair => KeyValuePair.Create(pair.Key, pair.Value.index_select(0, places))));
    }
}
