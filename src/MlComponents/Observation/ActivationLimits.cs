using System.ComponentModel.DataAnnotations;
using System.Globalization;

namespace MlComponents;

/// <summary>Where activations begin to be a problem.</summary>
public sealed record ActivationLimits : IValidatableObject
{
    /// <summary>Root mean square of a module's output above which it explodes: layers are initialised so that it stays about 1, and float16 ends at 65,504. Above 0; default 1e4.</summary>
    [Range(0, double.MaxValue, MinimumIsExclusive = true)]
    public double LargestRms { get; init; } = 1e4;

    /// <summary>Root mean square of a module's output below which it vanishes, where it isn't 0 altogether. At least 0, which never does; default 1e-5.</summary>
    [Range(0, double.MaxValue)]
    public double SmallestRms { get; init; } = 1e-5;

    /// <summary>Share of a module's units above which it is a problem that they are dead. At least 0 and at most 1, which never is; default 0.1.</summary>
    [Range(0.0, 1.0)]
    public double DeadShare { get; init; } = 0.1;

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (SmallestRms >= LargestRms)
            yield return new($"SmallestRms is {Shown.Number(SmallestRms)}, but LargestRms is {Shown.Number(LargestRms)}: it must be below that.");
    }

    /// <summary>What is wrong with a module's activity.</summary>
    /// <param name="module">The activity.</param>
    /// <param name="examples">Over how many examples.</param>
    internal IEnumerable<ActivationFinding> Judge(ModuleActivity module, long examples)
    {
        var shown = module.RootMeanSquare.ToString("g4", CultureInfo.InvariantCulture);
        var (name, rms) = ($"'{module.Name}', a {module.Kind},", module.RootMeanSquare);
        if (module.DeadUnits.Count > DeadShare * module.Units)
            yield return new(
                ActivationProblem.DeadUnits, module.Name, null,
                $"{module.DeadUnits.Count} of the {module.Units} units of {name} are 0 for all {examples} examples: lower the learning rate, or use an activation that isn't flat below 0.");
        if (rms > LargestRms)
            yield return new(
                ActivationProblem.Exploding, module.Name, null,
                $"The output of {name} has a root mean square of {shown}, above {Shown.Number(LargestRms)}: normalize it, or lower the learning rate.");
        if (rms > 0 && rms < SmallestRms)
            yield return new(
                ActivationProblem.Vanishing, module.Name, null,
                $"The output of {name} has a root mean square of {shown}, below {Shown.Number(SmallestRms)}: normalize it, or begin with larger weights.");
    }
}
