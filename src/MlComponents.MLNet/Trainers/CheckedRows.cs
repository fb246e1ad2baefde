namespace MlComponents.MLNet;

/// <summary>One pass over the rows of a view: each is checked, and one that can't be learned from is an error or is left out.</summary>
internal sealed class CheckedRows : IDisposable
{
    private readonly RowSource source;
    private readonly DataViewRowCursor cursor;
    private readonly RowReader reader;
    private readonly ValueGetter<DataViewRowId> id;
    private readonly bool isInOrder;
    private long row = -1;   // number of the current one in this pass

    public CheckedRows(RowSource source, Random? order)
    {
        this.source = source;
        isInOrder = order is null;
        cursor = source.View.GetRowCursor(source.Columns.All, order);
        try
        {
            reader = new(cursor, source.Columns);
            id = cursor.GetIdGetter();
        }
        catch
        {
            cursor.Dispose();
            throw;
        }
    }

    /// <summary>Rows left out so far.</summary>
    public long Skipped { get; private set; }

    /// <summary>The current row's id, which doesn't depend on the order.</summary>
    public DataViewRowId Id
    {
        get
        {
            var value = default(DataViewRowId);
            id(ref value);
            return value;
        }
    }

    /// <summary>The label of the row that was read.</summary>
    public double Label => reader.Label;

    /// <summary>The weight of the row that was read; 1 without weights.</summary>
    public float Weight => reader.Weight;

    /// <summary>The number of the group of the row that was read; null without groups.</summary>
    public int? Group => reader.Group;

    /// <summary>Goes to the next row.</summary>
    /// <exception cref="InvalidDataException">The view failed.</exception>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    public bool MoveNext()
    {
        source.Options.CancellationToken.ThrowIfCancellationRequested();
        row++;
        try
        {
            return cursor.MoveNext();
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            throw Failed(e);
        }
    }

    /// <summary>Reads the current row.</summary>
    /// <param name="features">Room for its features.</param>
    /// <returns>Whether it can be learned from.</returns>
    /// <exception cref="InvalidDataException">It can't, and such rows aren't to be left out, or the view failed.</exception>
    public bool Read(Span<float> features)
    {
        if (Problem(features) is not { } problem)
            return true;
        if (source.Options.InvalidRows != InvalidRows.Skip)
            throw new InvalidDataException($"Row {(isInOrder ? cursor.Position : (long)Id.Low)} of the {source.Name} rows, counted from 0, can't be learned from: {problem}. "
                + "Correct or filter such rows, or set InvalidRows = InvalidRows.Skip.");
        Skipped++;
        return false;
    }

    public void Dispose() => cursor.Dispose();

    private string? Problem(Span<float> features)
    {
        try
        {
            return reader.Read(features);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            throw Failed(e);
        }
    }

    private InvalidDataException Failed(Exception e) => new(
        $"Reading the {source.Name} rows failed after {row} of them: {e.Message}{(e.InnerException is null ? "" : $" ({e.GetBaseException().Message})")}", e);   // ML.NET's readers say the cause last
}
