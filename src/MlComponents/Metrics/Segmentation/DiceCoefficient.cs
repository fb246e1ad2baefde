namespace MlComponents;

/// <summary>
/// Dice coefficient of a class, twice the overlap by the sum of both areas: <c>2·TP / (2·TP + FP + FN)</c>; NaN where the class doesn't
/// occur.
/// </summary>
/// <remarks>The areas are those of all examples of a pass together, not of each image. Its name is e.g. <c>macro-dice</c>.</remarks>
public sealed record DiceCoefficient : AveragedMetricDefinition
{
    /// <inheritdoc/>
    public override Metric Create(long outputs) => Create("dice", outputs, ClassTally.Dice, undefined: double.NaN);
}
