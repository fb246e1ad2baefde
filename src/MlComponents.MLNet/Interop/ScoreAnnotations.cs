namespace MlComponents.MLNet.Interop;

/// <summary>The annotations by which ML.NET knows the columns of one prediction.</summary>
internal static class ScoreAnnotations
{
    /// <summary>A number for the next prediction in a schema: one more than all that are there.</summary>
    public static uint NextSet(DataViewSchema schema) => AnnotationUtils.GetMaxAnnotationKind(schema, out _, AnnotationUtils.Kinds.ScoreColumnSetId) + 1;

    public static DataViewSchema.Annotations Of(OutputColumn column, string scoreKind, uint set)
    {
        var annotations = new DataViewSchema.Annotations.Builder();
        column.Annotate?.Invoke(annotations);
        annotations.Add(AnnotationUtils.Kinds.ScoreColumnSetId, AnnotationUtils.ScoreColumnSetIdType, (ref uint value) => value = set);
        annotations.Add(AnnotationUtils.Kinds.ScoreColumnKind, TextDataViewType.Instance, (ref ReadOnlyMemory<char> value) => value = scoreKind.AsMemory());
        annotations.Add(AnnotationUtils.Kinds.ScoreValueKind, TextDataViewType.Instance, (ref ReadOnlyMemory<char> value) => value = column.ValueKind.AsMemory());
        if (column.IsNormalized)
            annotations.Add(AnnotationUtils.Kinds.IsNormalized, BooleanDataViewType.Instance, (ref bool value) => value = true);
        return annotations.ToAnnotations();
    }
}
