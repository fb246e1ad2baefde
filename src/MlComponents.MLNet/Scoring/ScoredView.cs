namespace MlComponents.MLNet;

/// <summary>Rows with their scores, computed as they are read.</summary>
internal sealed class ScoredView(IDataView source, ScoredSchema schema, Scorer scorer) : IDataView
{
    public DataViewSchema Schema => schema.Output;

    public bool CanShuffle => source.CanShuffle;

    public long? GetRowCount() => source.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        var active = columnsNeeded.Select(column => column.Index).ToHashSet();
        var cursor = source.GetRowCursor(schema.Needed(active), rand);
        return active.Any(schema.IsOutput) ? new ScoredCursor(cursor, schema, scorer, active) : new UnscoredCursor(cursor, schema.Output, active);
    }

    // One cursor only: libtorch uses all cores within a pass of the network.
    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
        [GetRowCursor(columnsNeeded, rand)];
}
