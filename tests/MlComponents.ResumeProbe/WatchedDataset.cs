namespace MlComponents.ResumeProbe;

/// <summary>Examples whose reading is seen.</summary>
internal sealed class WatchedDataset(MapDataset rows, Action onGather) : MapDataset
{
    public override long Count => rows.Count;

    public override IReadOnlyDictionary<string, long[]> Shapes => rows.Shapes;

    public override Batch Gather(ReadOnlySpan<long> indices)
    {
        if (indices[0] > 0)   // not the first batch of a pass: others are done
            onGather();
        return rows.Gather(indices);
    }
}
