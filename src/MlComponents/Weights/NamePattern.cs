using System.Text.RegularExpressions;

namespace MlComponents;

/// <summary>Names of parameters or modules by a pattern: <c>*</c> stands for any characters, e.g. <c>layer4.*</c> or <c>*.bias</c>.</summary>
internal sealed class NamePattern(string pattern)
{
    private readonly Regex regex = new($"^{Regex.Escape(pattern).Replace(@"\*", ".*", StringComparison.Ordinal)}$", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking);

    public bool Matches(string name) => regex.IsMatch(name);

    /// <summary>Those of the names that the pattern means, in their order.</summary>
    /// <param name="names">The names to choose from.</param>
    /// <param name="kind">What they are names of, in the plural, for the message.</param>
    /// <exception cref="ArgumentException">It means none of them.</exception>
    public IReadOnlyList<string> Choose(IEnumerable<string> names, string kind)
    {
        var all = names.ToList();
        List<string> chosen = [.. all.Where(Matches)];
        return chosen.Count > 0 ? chosen : throw new ArgumentException(
            $"The pattern '{pattern}' means none of the {kind}{NearestName.Hint(pattern, all)} There are: {Shown.Names(all)}.");
    }
}
