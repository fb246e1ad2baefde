using System.ComponentModel.DataAnnotations;

namespace MlComponents;

/// <summary>Parameters that don't learn, for the whole run or for some of its epochs.</summary>
/// <remarks>A module all of whose parameters are frozen runs in eval mode: its batch norm keeps its statistics, its dropout lets everything pass.</remarks>
/// <param name="Pattern">Names of parameters, in which <c>*</c> stands for any characters, e.g. <c>body.*</c>; no default.</param>
public sealed record Freeze([property: Required] string Pattern) : IValidatableObject
{
    /// <summary>First epoch in which they are frozen. At least 1; default 1.</summary>
    [Range(1, int.MaxValue)]
    public int FromEpoch { get; init; } = 1;

    /// <summary>Last epoch in which they are frozen. At least 1; null, the default: the last one of the run.</summary>
    [Range(1, int.MaxValue)]
    public int? UntilEpoch { get; init; }

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (UntilEpoch < FromEpoch)
            yield return new($"UntilEpoch is {UntilEpoch}, but FromEpoch is {FromEpoch}: '{Pattern}' would never be frozen; UntilEpoch must be at least FromEpoch.");
    }

    /// <summary>Whether the parameters are frozen in an epoch.</summary>
    internal bool Holds(int epoch) => epoch >= FromEpoch && epoch <= (UntilEpoch ?? int.MaxValue);
}
