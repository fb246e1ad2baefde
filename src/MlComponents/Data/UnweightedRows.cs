namespace MlComponents;

/// <summary>Examples without their weights.</summary>
internal sealed class UnweightedRows(MapDataset rows) : MapDataset
{
    public override long Count => rows.Count;

    public override IReadOnlyDictionary<string, long[]> Shapes { get; } =
        rows.Shapes.Where(pair => pair.Key != Batch.WeightName).ToDictionary(pair => pair.Key, pair => pair.Value);

    public override Batch Gather(ReadOnlySpan<long> indices) => rows.Gather(indices).Without(Batch.WeightName);
}
