namespace MlComponents;

/// <summary>Precision/recall curves over the rows of a validation, one for each class.</summary>
internal sealed class ValidationCurves : IDisposable
{
    private const int MostClasses = 100;
    private const long MostNumbers = 1 << 20;   // that are counted at once, each of which takes some tens of bytes
    private const string Tag = "precision-recall";

    private readonly TaskKind kind;
    private readonly long? ignored;
    private ThresholdCounts counts = new(TensorBoardWriter.DefaultThresholds);

    private ValidationCurves(TaskKind kind, long? ignored) => (this.kind, this.ignored) = (kind, ignored);

    /// <summary>The curves of a task; null for one without classes.</summary>
    public static ValidationCurves? Of(Objective objective) =>
        objective.Kind is TaskKind.Multiclass or TaskKind.Binary ? new(objective.Kind, objective.IgnoredLabel) : null;

    public void Clear()
    {
        counts.Dispose();
        counts = new(TensorBoardWriter.DefaultThresholds);
    }

    /// <summary>Counts a batch, a few rows at a time where an output has a number for each pixel.</summary>
    /// <param name="batch">Labels [N, ...], and weights [N] where rows differ.</param>
    /// <param name="output">Logits: [N, C, ...] of classes, [N, ...] of yes.</param>
    public void Add(Batch batch, Tensor output)
    {
        var rows = Math.Max(1, MostNumbers * batch.Count / Math.Max(1, output.numel()));
        for (var first = 0L; first < batch.Count; first += rows)
        {
            using var scope = NewDisposeScope();

            var count = Math.Min(rows, batch.Count - first);
            Add(batch.Label.narrow(0, first, count), batch.Weight?.narrow(0, first, count), output.narrow(0, first, count));
        }
    }

    private void Add(Tensor labels, Tensor? weights, Tensor output)
    {
        using var scope = NewDisposeScope();

        var (rows, label) = (output.shape[0], labels.flatten());                                                                 // [R], a row for each pixel
        var weight = weights is null ? ones_like(label, ScalarType.Float32) : weights.flatten().repeat_interleave(label.shape[0] / rows);
        if (ignored is { } index)
            weight = where(label == index, zeros_like(weight), weight);                                                          // [R]
        if (kind == TaskKind.Binary)
        {
            counts.Add(output.sigmoid().nan_to_num(0).reshape(-1, 1), (label > 0.5).view(-1, 1), weight);
            return;
        }
        var classes = Math.Min(output.shape[1], MostClasses);
        var p = output.softmax(1).nan_to_num(0).narrow(1, 0, classes).reshape(rows, classes, -1).transpose(1, 2).reshape(-1, classes);          // [R, C]
        var isOf = label.unsqueeze(1) == arange(classes, ScalarType.Int64, label.device);                                        // [R, C]
        counts.Add(p, isOf, weight);
    }

    /// <summary>Writes the curves.</summary>
    public void Write(TensorBoardWriter writer, long step)
    {
        for (var label = 0; label < counts.Classes; label++)
            writer.PrecisionRecallCurve(kind == TaskKind.Binary ? Tag : $"{Tag}/{label}", counts.Curve(label), step);
    }

    public void Dispose() => counts.Dispose();
}
