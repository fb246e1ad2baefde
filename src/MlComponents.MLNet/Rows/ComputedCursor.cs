namespace MlComponents.MLNet;

/// <summary>
/// Reads some rows ahead, computes them in one batch and gives them out one by one. The source is read once, from front to back, so rows and results
/// belong together even when it gives something else at every reading.
/// </summary>
internal sealed class ComputedCursor : DataViewRowCursor
{
    private const int FirstBatch = 16;   // whoever looks at a few rows doesn't wait for hundreds

    private readonly DataViewRowCursor source;
    private readonly ComputedColumns columns;
    private readonly HashSet<int> active;
    private readonly Dictionary<int, BufferedColumn> passed = [];
    private readonly BufferedColumn[] buffered;
    private readonly Computation computation;
    private readonly ValueGetter<DataViewRowId> readId;
    private readonly DataViewRowId[] ids;
    private readonly long[] batches;
    private int size;
    private int count;
    private int index = -1;
    private long position = -1;
    private bool isDone;

    public ComputedCursor(DataViewRowCursor source, ComputedColumns columns, HashSet<int> active)
    {
        this.source = source;
        this.columns = columns;
        this.active = active;
        var capacity = columns.BatchSize;
        size = Math.Min(FirstBatch, capacity);
        foreach (var i in active.Where(i => !columns.IsOutput(i)))
            passed[i] = BufferedColumn.Of(source, source.Schema[i], capacity);
        buffered = [.. passed.Values];
        computation = columns.Open(source, capacity);
        readId = source.GetIdGetter();
        ids = new DataViewRowId[capacity];
        batches = new long[capacity];
    }

    public override DataViewSchema Schema => columns.Output;

    public override long Position => position;

    public override long Batch => index >= 0 && index < count ? batches[index] : 0;

    public override bool MoveNext()
    {
        if (index + 1 >= count && !ReadAhead())
        {
            position = -1;
            computation.Dispose();   // some of ML.NET's trainers read to the end and never dispose their cursor
            return false;
        }
        index++;
        position++;
        return true;
    }

    public override bool IsColumnActive(DataViewSchema.Column column) => active.Contains(column.Index);

    public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId value) => value = ids[Current()];

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        if (!active.Contains(column.Index))
            throw new ArgumentOutOfRangeException(nameof(column), $"The column '{column.Name}' isn't active: ask for it when the cursor is made.");

        var getter = passed.TryGetValue(column.Index, out var values) ? values.Getter(Current) : computation.Getter(column.Index - columns.Input.Count, Current);
        return getter as ValueGetter<TValue>
            ?? throw new InvalidOperationException($"The column '{column.Name}' is {column.Type}, which can't be read as {typeof(TValue).Name}.");
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            source.Dispose();
            computation.Dispose();
        }
        base.Dispose(disposing);
    }

    // Whatever throws here leaves the cursor at its end: the source has moved on, so going on would leave rows out unnoticed.
    private bool ReadAhead()
    {
        (index, count) = (-1, 0);
        if (isDone)
            return false;
        isDone = true;

        var read = 0;
        while (read < size && source.MoveNext())
        {
            foreach (var column in buffered)
                column.Read(read);
            computation.Read(read);
            readId(ref ids[read]);
            batches[read] = source.Batch;
            read++;
        }
        if (read == 0)
            return false;

        computation.Compute(read, firstRow: position + 1);
        (count, isDone) = (read, read < size);
        size = Math.Min(2 * size, columns.BatchSize);
        return true;
    }

    private int Current() => index >= 0 && index < count ? index : throw new InvalidOperationException("The cursor isn't on a row: call MoveNext first.");
}
