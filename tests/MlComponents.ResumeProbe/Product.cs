namespace MlComponents.ResumeProbe;

/// <summary>The product of two schedules: one that looks at the step, and one that looks at the validations so far.</summary>
internal sealed record Product(ScheduleDefinition First, ScheduleDefinition Second) : ScheduleDefinition
{
    public override double Factor(SchedulePosition position) => First.Factor(position) * Second.Factor(position);
}
