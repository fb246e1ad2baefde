using System.Text.Json.Serialization;

namespace MlComponents;

/// <summary>Turns the names of a file into those of a network; see <see cref="StateDictOptions.Renaming"/>.</summary>
/// <remarks>In JSON the key <c>rule</c> says which of ours it is, <c>prefix</c> or <c>pattern</c>.</remarks>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "rule")]
[JsonDerivedType(typeof(RenamePrefix), "prefix")]
[JsonDerivedType(typeof(RenamePattern), "pattern")]
public abstract record RenamingRule
{
    /// <summary>The new name, or the same one where the rule has nothing to say about it.</summary>
    /// <param name="name">A name of the file, as earlier rules left it.</param>
    /// <exception cref="ArgumentException">The rule can't be applied.</exception>
    public abstract string Apply(string name);
}
