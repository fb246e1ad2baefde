namespace MlComponents.StreamingProbe;

/// <summary>The order in which an epoch has rows, compared with that of the epoch before.</summary>
/// <param name="rows">Rows of the file.</param>
internal sealed class RowOrder(int rows)
{
    private const int Unseen = -1;

    private int[] before = [.. Enumerable.Range(0, rows)];   // places in the file
    private int[] places = Unplaced(rows);
    private int seen;

    /// <summary>For each epoch Spearman's rank correlation with the one before; of the first with the file.</summary>
    public List<double> Correlations { get; } = [];

    /// <summary>Whether every epoch so far had every row once.</summary>
    public bool IsEachRowOnce { get; private set; } = true;

    /// <summary>Adds the row that comes next.</summary>
    public void Add(int row)
    {
        IsEachRowOnce &= places[row] == Unseen;
        places[row] = seen++;
    }

    /// <summary>Ends an epoch.</summary>
    public void EndEpoch()
    {
        IsEachRowOnce &= seen == rows;
        double squares = 0, n = rows;
        for (var row = 0; row < rows; row++)
            squares += Math.Pow(places[row] - before[row], 2);
        Correlations.Add(1 - 6 * squares / (n * (n * n - 1)));
        (before, places, seen) = (places, Unplaced(rows), 0);
    }

    private static int[] Unplaced(int rows)
    {
        var places = new int[rows];
        Array.Fill(places, Unseen);
        return places;
    }
}
