namespace MlComponents;

/// <summary>Replaces the beginning of names: <c>new RenamePrefix("module.")</c> strips what PyTorch's DataParallel puts before each.</summary>
/// <param name="Prefix">The beginning, compared character by character; other names stay.</param>
/// <param name="Replacement">What comes in its place. Default: nothing.</param>
public sealed record RenamePrefix(string Prefix, string Replacement = "") : RenamingRule
{
    /// <inheritdoc/>
    public override string Apply(string name) => name.StartsWith(Prefix, StringComparison.Ordinal) ? Replacement + name[Prefix.Length..] : name;
}
