namespace MlComponents.MLNet;

/// <summary>The columns that training reads.</summary>
internal sealed record TrainingColumns(DataViewSchema.Column Features, DataViewSchema.Column Label, DataViewSchema.Column? Weight, DataViewSchema.Column? Group, TorchTask Task)
{
    public VectorDataViewType FeatureType => (VectorDataViewType)Features.Type;

    /// <summary>Shape of one row's features.</summary>
    public long[] FeatureShape => [.. FeatureType.Dimensions.Select(size => (long)size)];

    /// <summary>Shape of one row's part of each tensor.</summary>
    public Dictionary<string, long[]> Shapes
    {
        get
        {
            var shapes = new Dictionary<string, long[]> { [Batch.FeaturesName] = FeatureShape, [Batch.LabelName] = [] };
            if (Weight is not null)
                shapes[Batch.WeightName] = [];
            return shapes;
        }
    }

    /// <summary>What one row takes in memory.</summary>
    public long RowBytes { get; } = sizeof(float) * ((long)((VectorDataViewType)Features.Type).Size + (Weight is null ? 0 : 1)) + (Task.LabelScalarType == ScalarType.Int64 ? sizeof(long) : sizeof(float));

    /// <summary>Element type of a tensor.</summary>
    public ScalarType TypeOf(string name) => name == Batch.LabelName ? Task.LabelScalarType : ScalarType.Float32;

    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type.</exception>
    public static TrainingColumns Of(DataViewSchema schema, TorchTask task, TorchTrainerOptions options) => new(
        SchemaCheck.Features(schema, options.FeatureColumnName),
        SchemaCheck.Label(schema, options.LabelColumnName, task),
        SchemaCheck.Weight(schema, options.ExampleWeightColumnName),
        SchemaCheck.Group(schema, options.ValidationGroupColumnName),
        task);

    public IEnumerable<DataViewSchema.Column> All => [Features, Label, .. new[] { Weight, Group }.OfType<DataViewSchema.Column>()];

    /// <exception cref="ArgumentOutOfRangeException">The validation set's features or labels are of another type than the training rows', or its keys stand for other values.</exception>
    public void MustMatch(TrainingColumns training)
    {
        if (!Features.Type.Equals(training.Features.Type))
            throw SchemaCheck.Mismatch("feature", Features.Name, $"{training.Features.Type} in the validation set as in the training rows", Features.Type);
        if (!Label.Type.Equals(training.Label.Type))
            throw SchemaCheck.Mismatch("label", Label.Name, $"{training.Label.Type} in the validation set as in the training rows", Label.Type);

        var (names, trained) = (KeyNames.Of(Label)?.Texts, KeyNames.Of(training.Label)?.Texts);
        for (var i = 0; i < names?.Count && i < trained?.Count; i++)
            if (names[i] != trained[i])
                throw SchemaCheck.Mismatch(
                    "label", Label.Name, $"key {i + 1} to stand for '{trained[i]}' in the validation set as in the training rows (map both by the same fitted MapValueToKey)", $"'{names[i]}'");
    }
}
