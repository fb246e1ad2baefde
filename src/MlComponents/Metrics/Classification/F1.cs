namespace MlComponents;

/// <summary>
/// F1 of a class, the harmonic mean of precision and recall: <c>2·TP / (2·TP + FP + FN)</c>; 0 where the class doesn't occur, as in
/// scikit-learn.
/// </summary>
/// <remarks>
/// Its name is e.g. <c>macro-f1</c>. The macro average is the mean of the classes' F1, not the F1 of mean precision and recall.
/// </remarks>
public sealed record F1 : AveragedMetricDefinition
{
    /// <inheritdoc/>
    public override Metric Create(long outputs) => Create("f1", outputs, ClassTally.Dice, undefined: 0);
}
