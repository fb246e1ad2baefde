namespace MlComponents.MLNet;

/// <summary>A row with its computed columns, which are computed once per position however many of them are read.</summary>
internal sealed class ComputedRow : DataViewRow
{
    private readonly DataViewRow input;
    private readonly ComputedColumns columns;
    private readonly HashSet<int> active;
    private readonly Computation? computation;
    private long? computed;

    public ComputedRow(DataViewRow input, ComputedColumns columns, HashSet<int> active)
    {
        this.input = input;
        this.columns = columns;
        this.active = active;
        if (active.Any(columns.IsOutput))
            computation = columns.Open(input, capacity: 1);
    }

    public override DataViewSchema Schema => columns.Output;

    public override long Position => input.Position;

    public override long Batch => input.Batch;

    public override bool IsColumnActive(DataViewSchema.Column column) => active.Contains(column.Index);

    public override ValueGetter<DataViewRowId> GetIdGetter() => input.GetIdGetter();

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        if (!IsColumnActive(column))
            throw new ArgumentOutOfRangeException(nameof(column), $"The column '{column.Name}' isn't active: ask for it when the row is made.");
        if (!columns.IsOutput(column.Index))
            return input.GetGetter<TValue>(input.Schema[column.Index]);
        return computation!.Getter(column.Index - columns.Input.Count, Current) as ValueGetter<TValue>
            ?? throw new InvalidOperationException($"The column '{column.Name}' is {column.Type}, which can't be read as {typeof(TValue).Name}.");
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            computation?.Dispose();
            input.Dispose();
        }
        base.Dispose(disposing);
    }

    private int Current()
    {
        if (computed != input.Position)
        {
            computation!.Read(0);
            computation.Compute(count: 1, firstRow: input.Position);
            computed = input.Position;
        }
        return 0;
    }
}
