namespace MlComponents.MLNet.Tests.Streaming;

/// <summary>A view of which it is seen who reads it.</summary>
/// <param name="source">The rows.</param>
/// <param name="onRow">Called with the numbers of the pass, from 1, and of the row in it, from 0, before the pass goes to that row.</param>
internal sealed class WatchedView(IDataView source, Action<int, int>? onRow = null) : IDataView
{
    private readonly Action<int, int>? onRow = onRow;
    private readonly List<int> passes = [];
    private int open;

    /// <summary>Rows that each pass has come to.</summary>
    public IReadOnlyList<int> Passes => passes;

    /// <summary>Passes that haven't been given up.</summary>
    public int Open => open;

    public bool CanShuffle => source.CanShuffle;

    public DataViewSchema Schema => source.Schema;

    public long? GetRowCount() => source.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) => new Cursor(this, source.GetRowCursor(columnsNeeded, rand));

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) => [GetRowCursor(columnsNeeded, rand)];

    private sealed class Cursor : DataViewRowCursor
    {
        private readonly WatchedView view;
        private readonly DataViewRowCursor rows;
        private readonly int pass;
        private bool isOpen = true;

        public Cursor(WatchedView view, DataViewRowCursor rows)
        {
            (this.view, this.rows) = (view, rows);
            view.passes.Add(0);
            pass = view.passes.Count;
            view.open++;
        }

        public override DataViewSchema Schema => rows.Schema;

        public override long Position => rows.Position;

        public override long Batch => rows.Batch;

        public override bool MoveNext()
        {
            view.onRow?.Invoke(pass, view.passes[pass - 1]);
            if (!rows.MoveNext())
                return false;
            view.passes[pass - 1]++;
            return true;
        }

        public override bool IsColumnActive(DataViewSchema.Column column) => rows.IsColumnActive(column);

        public override ValueGetter<DataViewRowId> GetIdGetter() => rows.GetIdGetter();

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => rows.GetGetter<TValue>(column);

        protected override void Dispose(bool disposing)
        {
            if (disposing && isOpen)
            {
                isOpen = false;
                view.open--;
                rows.Dispose();
            }
            base.Dispose(disposing);
        }
    }
}
