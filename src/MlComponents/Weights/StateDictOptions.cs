namespace MlComponents;

/// <summary>How the tensors of a file are put into a network.</summary>
public sealed record StateDictOptions
{
    /// <summary>
    /// Rules that turn the file's names into the network's; each is applied to what the ones before it left. Default: none.
    /// </summary>
    public IReadOnlyList<RenamingRule> Renaming { get; init; } = [];

    /// <summary>
    /// Whether every tensor must fit. Default: true; otherwise those that fit are loaded, and the report says which don't, as when a classifier's
    /// last layer has another number of classes.
    /// </summary>
    public bool Strict { get; init; } = true;
}
