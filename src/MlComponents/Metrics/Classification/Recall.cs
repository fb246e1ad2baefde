namespace MlComponents;

/// <summary>
/// Recall of a class, the share of its labels that are found: <c>TP / (TP + FN)</c>; 0 where there is no such label, as in scikit-learn.
/// </summary>
/// <remarks>Its name is e.g. <c>macro-recall</c>; the macro average over classes that all occur is also known as balanced accuracy.</remarks>
public sealed record Recall : AveragedMetricDefinition
{
    /// <inheritdoc/>
    public override Metric Create(long outputs) => Create("recall", outputs, ClassTally.Recall, undefined: 0);
}
