using MlComponents;

namespace ThirdParty;

/// <summary>A user's own schedule, found by an assembly scan.</summary>
[Component("linear-decay")]
public sealed record LinearDecay : ScheduleDefinition
{
    /// <summary>Factor after the last step; null, which isn't the default, means none. Default 0.5.</summary>
    public double? End { get; init; } = 0.5;

    public override double Factor(SchedulePosition position) => 1 - (1 - (End ?? 1)) * position.Step / position.TotalSteps;
}
