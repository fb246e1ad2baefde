namespace MlComponents.StreamingProbe;

/// <summary>The order in which an epoch has rows, compared with that of the epoch before.</summary>
/// <param name="rows">Rows of the file.</param>
internal sealed class RowOrder(int rows)
{
    private readonly int[] sequence = new int[rows];
    private int[] before = [.. Enumerable.Range(0, rows)];   // places in the file
    private int seen;

    /// <summary>For each epoch Spearman's rank correlation with the one before; of the first with the file.</summary>
    public List<double> Correlations { get; } = [];

    /// <summary>Whether every epoch so far had every row once.</summary>
    public bool IsEachRowOnce { get; private set; } = true;

    /// <summary>Adds the row that comes next, in as little time as can be: its place is looked at when the epoch has ended.</summary>
    public void Add(int row)
    {
        if (seen < rows)
            sequence[seen] = row;
        seen++;
    }

    /// <summary>Ends an epoch.</summary>
    public void EndEpoch()
    {
        IsEachRowOnce &= seen == rows;
        var places = new int[rows];
        Array.Fill(places, -1);
        for (var place = 0; place < Math.Min(seen, rows); place++)
        {
            IsEachRowOnce &= places[sequence[place]] < 0;
            places[sequence[place]] = place;
        }
        double squares = 0, n = rows;
        for (var row = 0; row < rows; row++)
            squares += Math.Pow(places[row] - before[row], 2);
        Correlations.Add(1 - 6 * squares / (n * (n * n - 1)));
        (before, seen) = (places, 0);
    }
}
