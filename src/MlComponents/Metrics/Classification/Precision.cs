namespace MlComponents;

/// <summary>
/// Precision of a class, the share of its predictions that are right: <c>TP / (TP + FP)</c>; 0 where it is never predicted, as in
/// scikit-learn.
/// </summary>
/// <remarks>Its name is e.g. <c>macro-precision</c>.</remarks>
public sealed record Precision : AveragedMetricDefinition
{
    /// <inheritdoc/>
    public override Metric Create(long outputs) => Create("precision", outputs, ClassTally.Precision, undefined: 0);
}
