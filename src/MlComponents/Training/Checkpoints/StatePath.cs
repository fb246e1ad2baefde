namespace MlComponents;

/// <summary>
/// Names of tensors in the one list that a file has: a tensor's name behind those of the sections around it, joined by <c>/</c>. In a name itself
/// <c>~</c> is written <c>~0</c> and <c>/</c> is written <c>~1</c>, as in a JSON pointer (RFC 6901), so that every name has a path of its own.
/// </summary>
internal static class StatePath
{
    /// <summary>The path of a name in a section.</summary>
    /// <param name="section">The section's path; empty at the top.</param>
    /// <param name="name">The name.</param>
    public static string Of(string section, string name)
    {
        var escaped = name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);
        return section.Length == 0 ? escaped : $"{section}/{escaped}";
    }

    /// <summary>The section's path, and the name in it.</summary>
    public static (string Section, string Name) Split(string path)
    {
        var end = path.LastIndexOf('/');
        var name = path[(end + 1)..].Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
        return (end < 0 ? "" : path[..end], name);
    }
}
