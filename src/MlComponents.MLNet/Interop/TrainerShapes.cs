namespace MlComponents.MLNet.Interop;

/// <summary>What ML.NET's estimators say about columns before there is data: <see cref="SchemaShape"/>, whose columns others can't make.</summary>
internal static class TrainerShapes
{
    /// <summary>A trainer that gains from normalized features, reads its rows once, and takes a validation set.</summary>
    public static TrainerInfo Info() => new(normalization: true, calibration: false, caching: false, supportValid: true);

    /// <summary>The input's columns with those that a trainer adds, after the same checks as before training.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type.</exception>
    public static SchemaShape Output(SchemaShape input, TorchTask task, TorchTrainerOptions options)
    {
        ColumnShapes.Check(input, "feature", options.FeatureColumnName, "Vector<Single> of fixed size",
            column => column.Kind == SchemaShape.Column.VectorKind.Vector && column.ItemType == NumberDataViewType.Single && !column.IsKey);
        var label = ColumnShapes.Check(input, "label", options.LabelColumnName, task.LabelTypes, column => Accepts(task, column));
        if (options.ExampleWeightColumnName is { } weight)
            ColumnShapes.Check(input, "weight", weight, "Single",
                column => column.Kind == SchemaShape.Column.VectorKind.Scalar && column.ItemType == NumberDataViewType.Single && !column.IsKey);
        if (options.ValidationGroupColumnName is { } group)
            ColumnShapes.Check(input, "validation group", group, SchemaCheck.GroupTypes, column => column.Kind == SchemaShape.Column.VectorKind.Scalar && SchemaCheck.IsGroup(column.ItemType));

        return ColumnShapes.With(input, Added(task, label));
    }

    private static IEnumerable<SchemaShape.Column> Added(TorchTask task, SchemaShape.Column label)
    {
        if (task is MulticlassTask)
        {
            var keyValues = label.Annotations.Where(annotation => annotation.Name == AnnotationUtils.Kinds.KeyValues);
            yield return ColumnShapes.Of("Score", SchemaShape.Column.VectorKind.Vector, NumberDataViewType.Single, AnnotationUtils.AnnotationsForMulticlassScoreColumn(label));
            yield return ColumnShapes.Of("PredictedLabel", SchemaShape.Column.VectorKind.Scalar, NumberDataViewType.UInt32,
                keyValues.Concat(AnnotationUtils.GetTrainerOutputAnnotation()), isKey: true);
            yield break;
        }

        yield return ColumnShapes.Of("Score", SchemaShape.Column.VectorKind.Scalar, NumberDataViewType.Single, AnnotationUtils.GetTrainerOutputAnnotation());
        if (task is BinaryTask)
        {
            yield return ColumnShapes.Of("Probability", SchemaShape.Column.VectorKind.Scalar, NumberDataViewType.Single,
                AnnotationUtils.GetTrainerOutputAnnotation(isNormalized: true));
            yield return ColumnShapes.Of("PredictedLabel", SchemaShape.Column.VectorKind.Scalar, BooleanDataViewType.Instance, AnnotationUtils.GetTrainerOutputAnnotation());
        }
    }

    // A shape doesn't know how many keys there are.
    private static bool Accepts(TorchTask task, SchemaShape.Column label) => label.Kind == SchemaShape.Column.VectorKind.Scalar && (label.IsKey
        ? task.AcceptsLabel(new KeyDataViewType(typeof(uint), 2))
        : task.AcceptsLabel(label.ItemType));
}
