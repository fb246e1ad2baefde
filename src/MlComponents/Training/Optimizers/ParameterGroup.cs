using System.ComponentModel.DataAnnotations;

namespace MlComponents;

/// <summary>Parameters that learn in their own way: another learning rate, another weight decay.</summary>
/// <param name="Pattern">
/// Names of parameters, in which <c>*</c> stands for any characters, e.g. <c>body.*</c>; no default. Of several groups the first whose pattern means a parameter has it.
/// </param>
public sealed record ParameterGroup([property: Required] string Pattern) : IValidatableObject
{
    /// <summary>What the optimizer's learning rate is multiplied by. At least 0; default 1.</summary>
    [Range(0, double.MaxValue)]
    public double LearningRateFactor { get; init; } = 1;

    /// <summary>Weight decay instead of the optimizer's. At least 0; null, the default: the optimizer's.</summary>
    [Range(0, double.MaxValue)]
    public double? WeightDecay { get; init; }

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (LearningRateFactor == 0 && WeightDecay > 0)
            yield return new ValidationResult($"WeightDecay {WeightDecay} has no effect at a LearningRateFactor of 0: leave one of them out.");
    }
}
