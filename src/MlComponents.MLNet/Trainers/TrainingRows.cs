namespace MlComponents.MLNet;

/// <summary>Rows as contiguous tensors, read from a data view in one pass and checked on the way.</summary>
internal sealed class TrainingRows : IDisposable
{
    private TrainingRows(TensorDataset data, LabelTally labels, IReadOnlyList<int> groups) => (Data, Labels, Groups) = (data, labels, groups);

    /// <summary>Features [N, ...dimensions], labels [N], and weights [N] where there are some.</summary>
    public TensorDataset Data { get; }

    public LabelTally Labels { get; }

    /// <summary>The number of each row's group; empty without groups.</summary>
    public IReadOnlyList<int> Groups { get; }

    /// <summary>Reads all rows.</summary>
    /// <param name="source">The rows.</param>
    /// <param name="memory">The most bytes that they may take.</param>
    /// <returns>The rows; null where they take more.</returns>
    /// <exception cref="InvalidDataException">A row can't be read or learned from, or there are none.</exception>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    public static TrainingRows? Read(RowSource source, long memory)
    {
        var expected = source.View.GetRowCount();
        if (expected is { } count && source.Bytes(count) > memory)
            return null;

        using var rows = source.Read();
        using var collector = new RowCollector(source.Columns, expected);
        var (labels, groups) = (new LabelTally(), new List<int>());
        while (rows.MoveNext())
        {
            if (!rows.Read(collector.Next()))
                continue;
            if (source.Bytes(collector.Count + 1) > memory)
                return null;
            collector.Add(rows.Label, rows.Weight);
            labels.Add(rows.Label);
            if (rows.Group is { } group)
                groups.Add(group);
        }
        source.Check(collector.Count, rows.Skipped);
        return new(collector.ToDataset(), labels, groups);
    }

    public void Dispose() => Data.Dispose();
}
