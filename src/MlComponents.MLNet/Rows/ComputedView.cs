namespace MlComponents.MLNet;

/// <summary>Rows with computed columns, which are computed as they are read.</summary>
internal sealed class ComputedView(IDataView source, ComputedColumns columns) : IDataView
{
    public DataViewSchema Schema => columns.Output;

    public bool CanShuffle => source.CanShuffle;

    public long? GetRowCount() => source.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        var active = columnsNeeded.Select(column => column.Index).ToHashSet();
        var cursor = source.GetRowCursor(columns.Needed(active), rand);
        return active.Any(columns.IsOutput) ? new ComputedCursor(cursor, columns, active) : new PassingCursor(cursor, columns.Output, active);
    }

    // One cursor only: libtorch uses all cores within a batch.
    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
        [GetRowCursor(columnsNeeded, rand)];
}
