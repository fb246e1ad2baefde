using System.ComponentModel.DataAnnotations;

namespace MlComponents;

/// <summary>The learning rate is multiplied by <c>γ</c> every so many epochs: <c>γ^⌊epoch / every⌋</c>.</summary>
public sealed record Step : ScheduleDefinition
{
    /// <summary>Epochs between two reductions. At least 1; default 10.</summary>
    [Range(1, int.MaxValue)]
    public int Every { get; init; } = 10;

    /// <summary>The factor γ. Above 0 and at most 1; default 0.1.</summary>
    [Range(0.0, 1.0, MinimumIsExclusive = true)]
    public double Gamma { get; init; } = 0.1;

    /// <inheritdoc/>
    public override double Factor(SchedulePosition position) => Math.Pow(Gamma, position.Epoch / Every);
}
