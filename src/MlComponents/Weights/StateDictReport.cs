namespace MlComponents;

/// <summary>Which tensors of a file fit a network. Names are the network's, in ordinal order.</summary>
/// <param name="Loaded">Names that the network now has from the file.</param>
/// <param name="Missing">Names of the network that the file hasn't.</param>
/// <param name="Unexpected">Names of the file, renamed, that the network hasn't.</param>
/// <param name="Mismatching">Names that both have, but with shapes or types that don't fit.</param>
public sealed record StateDictReport(
    IReadOnlyList<string> Loaded, IReadOnlyList<string> Missing, IReadOnlyList<string> Unexpected, IReadOnlyList<StateDictMismatch> Mismatching)
{
    /// <summary>Whether nothing is missing, unexpected or mismatching.</summary>
    public bool IsComplete => Missing.Count + Unexpected.Count + Mismatching.Count == 0;

    /// <summary>Everything that doesn't fit, or how many tensors were loaded.</summary>
    public override string ToString() => IsComplete ? $"all {Loaded.Count} tensors fit" : string.Join("; ", Problems());

    private IEnumerable<string> Problems()
    {
        if (Missing.Count > 0)
            yield return $"missing are {string.Join(", ", Missing)}";
        if (Unexpected.Count > 0)
            yield return $"unexpected are {string.Join(", ", Unexpected)}";
        foreach (var mismatch in Mismatching)
            yield return mismatch.ToString();
    }
}
