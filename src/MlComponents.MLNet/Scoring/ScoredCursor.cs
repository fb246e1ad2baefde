namespace MlComponents.MLNet;

/// <summary>
/// Reads some rows ahead, scores them in one pass of the network and gives them out one by one. The source is read once, from front to back, so rows
/// and scores belong together even when it gives something else at every reading.
/// </summary>
internal sealed class ScoredCursor : DataViewRowCursor
{
    private const int FirstBatch = 16;   // whoever looks at a few rows doesn't wait for hundreds

    private readonly DataViewRowCursor source;
    private readonly ScoredSchema schema;
    private readonly Scorer scorer;
    private readonly HashSet<int> active;
    private readonly Dictionary<int, BufferedColumn> columns = [];
    private readonly BufferedColumn[] buffered;
    private readonly FeatureBuffer features;
    private readonly ValueGetter<DataViewRowId> readId;
    private readonly DataViewRowId[] ids;
    private readonly long[] batches;
    private readonly float[] scores;
    private int size;
    private int count;
    private int index = -1;
    private long position = -1;
    private bool isDone;

    public ScoredCursor(DataViewRowCursor source, ScoredSchema schema, Scorer scorer, HashSet<int> active)
    {
        this.source = source;
        this.schema = schema;
        this.scorer = scorer;
        this.active = active;
        var capacity = scorer.BatchSize;
        size = Math.Min(FirstBatch, capacity);
        foreach (var i in active.Where(i => i < schema.Input.Count))
            columns[i] = BufferedColumn.Of(source, source.Schema[i], capacity);
        buffered = [.. columns.Values];
        features = scorer.CreateBuffer(source, source.Schema[schema.FeatureColumn.Index], capacity);
        readId = source.GetIdGetter();
        ids = new DataViewRowId[capacity];
        batches = new long[capacity];
        scores = new float[checked(capacity * scorer.Width)];
    }

    public override DataViewSchema Schema => schema.Output;

    public override long Position => position;

    public override long Batch => index >= 0 && index < count ? batches[index] : 0;

    public override bool MoveNext()
    {
        if (index + 1 >= count && !ReadAhead())
        {
            position = -1;
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

        var getter = columns.TryGetValue(column.Index, out var passed) ? passed.Getter(Current) : schema.OutputAt(column.Index).Getter(CurrentScores);
        return getter as ValueGetter<TValue>
            ?? throw new InvalidOperationException($"The column '{column.Name}' is {column.Type}, which can't be read as {typeof(TValue).Name}.");
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            source.Dispose();
            features.Dispose();
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
            features.Read(read);
            readId(ref ids[read]);
            batches[read] = source.Batch;
            read++;
        }
        if (read == 0)
            return false;

        scorer.Score(features, read, position + 1, scores);
        (count, isDone) = (read, read < size);
        size = Math.Min(2 * size, scorer.BatchSize);
        return true;
    }

    private int Current() => index >= 0 && index < count ? index : throw new InvalidOperationException("The cursor isn't on a row: call MoveNext first.");

    private ReadOnlySpan<float> CurrentScores() => scores.AsSpan(Current() * scorer.Width, scorer.Width);
}
