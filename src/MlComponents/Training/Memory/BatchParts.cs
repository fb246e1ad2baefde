namespace MlComponents;

/// <summary>The batches of a step in parts that are small enough for the device.</summary>
internal sealed class BatchParts : IDisposable
{
    private readonly List<Batch> made = [];

    /// <param name="batches">The batches.</param>
    /// <param name="largest">Largest number of rows of a part, at least 1; larger batches are cut into parts of as equal a size as possible.</param>
    public BatchParts(IReadOnlyList<Batch> batches, long largest) => Parts = [.. batches.SelectMany(batch => batch.Count <= largest ? [batch] : Cut(batch, largest))];

    /// <summary>The parts in their order; a batch that is small enough is its own.</summary>
    public IReadOnlyList<Batch> Parts { get; }

    /// <summary>Frees the parts; the batches stay.</summary>
    public void Dispose() => made.ForEach(part => part.Dispose());

    private IEnumerable<Batch> Cut(Batch batch, long largest)
    {
        var count = (batch.Count + largest - 1) / largest;
        for (var i = 0L; i < count; i++)
        {
            var start = batch.Count * i / count;
            var part = batch.Rows(start, batch.Count * (i + 1) / count - start);
            made.Add(part);
            yield return part;
        }
    }
}
