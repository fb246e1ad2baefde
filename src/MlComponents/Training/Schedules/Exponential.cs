using System.ComponentModel.DataAnnotations;

namespace MlComponents;

/// <summary>The learning rate is multiplied by <c>γ</c> after every epoch: <c>γ^epoch</c>.</summary>
public sealed record Exponential : ScheduleDefinition
{
    /// <summary>The factor γ. Above 0 and at most 1; default 0.95.</summary>
    [Range(0.0, 1.0, MinimumIsExclusive = true)]
    public double Gamma { get; init; } = 0.95;

    /// <inheritdoc/>
    public override double Factor(SchedulePosition position) => Math.Pow(Gamma, position.Epoch);
}
