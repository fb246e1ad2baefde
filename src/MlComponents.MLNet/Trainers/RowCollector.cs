namespace MlComponents.MLNet;

/// <summary>Gathers rows into contiguous tensors. Its memory belongs to the caller's dispose scope.</summary>
internal sealed class RowCollector(TrainingColumns columns, long? expectedRows)
{
    private readonly GrowingTensor features = new(ScalarType.Float32, [.. columns.FeatureType.Dimensions.Select(size => (long)size)], expectedRows);
    private readonly GrowingTensor labels = new(columns.Task.LabelScalarType, [], expectedRows);
    private readonly GrowingTensor? weights = columns.Weight is null ? null : new(ScalarType.Float32, [], expectedRows);

    public long Count => labels.Count;

    public double FirstLabel { get; private set; } = double.NaN;

    public bool HasSeveralLabels { get; private set; }

    /// <summary>Room for the features of the next row, which <see cref="Add"/> adds.</summary>
    public Span<float> Next() => features.Next<float>();

    public void Add(double label, float weight)
    {
        if (Count == 0)
            FirstLabel = label;
        HasSeveralLabels |= label != FirstLabel;

        features.Add();
        if (columns.Task.LabelScalarType == ScalarType.Int64)
            labels.Add((long)label);
        else
            labels.Add((float)label);
        weights?.Add(weight);
    }

    public TensorDataset ToDataset() => new(features.ToTensor(), labels.ToTensor(), weights?.ToTensor());
}
