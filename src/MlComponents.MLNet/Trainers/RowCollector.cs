namespace MlComponents.MLNet;

/// <summary>Gathers rows into contiguous tensors, which it owns.</summary>
internal sealed class RowCollector(TrainingColumns columns, long? expectedRows) : IDisposable
{
    private readonly GrowingTensor features = new(ScalarType.Float32, columns.FeatureShape, expectedRows);
    private readonly GrowingTensor labels = new(columns.Task.LabelScalarType, [], expectedRows);
    private readonly GrowingTensor? weights = columns.Weight is null ? null : new(ScalarType.Float32, [], expectedRows);

    public long Count => labels.Count;

    /// <summary>Room for the features of the next row, which <see cref="Add"/> adds.</summary>
    public Span<float> Next() => features.Next<float>();

    public void Add(double label, float weight)
    {
        features.Add();
        if (columns.Task.LabelScalarType == ScalarType.Int64)
            labels.Add((long)label);
        else
            labels.Add((float)label);
        weights?.Add(weight);
    }

    /// <summary>Adds rows of a pass.</summary>
    /// <param name="rows">The pass.</param>
    /// <param name="most">The most rows that there may be then.</param>
    /// <param name="takes">Which of the rows are meant, by their ids. Null: all.</param>
    /// <returns>Whether there were so many, so that there may be more.</returns>
    public bool Fill(CheckedRows rows, long most, Func<DataViewRowId, bool>? takes = null)
    {
        while (Count < most)
        {
            if (!rows.MoveNext())
                return false;
            if ((takes is null || takes(rows.Id)) && rows.Read(Next()))
                Add(rows.Label, rows.Weight);
        }
        return true;
    }

    /// <summary>The rows as a batch; there must be at least one.</summary>
    public Batch ToBatch()
    {
        using var scope = NewDisposeScope();
        return new(Named());
    }

    /// <summary>The rows as a data set; there must be at least one.</summary>
    public TensorDataset ToDataset()
    {
        using var scope = NewDisposeScope();
        return new(Named());
    }

    public void Dispose()
    {
        features.Dispose();
        labels.Dispose();
        weights?.Dispose();
    }

    private IEnumerable<KeyValuePair<string, Tensor>> Named()
    {
        yield return KeyValuePair.Create(Batch.FeaturesName, features.ToTensor());
        yield return KeyValuePair.Create(Batch.LabelName, labels.ToTensor());
        if (weights is not null)
            yield return KeyValuePair.Create(Batch.WeightName, weights.ToTensor());
    }
}
