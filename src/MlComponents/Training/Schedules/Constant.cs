namespace MlComponents;

/// <summary>The learning rate stays as it is.</summary>
public sealed record Constant : ScheduleDefinition
{
    /// <inheritdoc/>
    public override double Factor(SchedulePosition position) => 1;
}
