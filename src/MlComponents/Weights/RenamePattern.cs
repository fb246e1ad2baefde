using System.Text.RegularExpressions;

namespace MlComponents;

/// <summary>Replaces all matches of a regular expression: <c>new RenamePattern(@"^layer(\d+)\.", "stages.$1.")</c>.</summary>
/// <param name="Pattern">A regular expression of .NET; <c>^</c> and <c>$</c> hold it to whole names. It has one second for each name.</param>
/// <param name="Replacement">What comes in the place of a match, with <c>$1</c> for its first group.</param>
public sealed record RenamePattern(string Pattern, string Replacement) : RenamingRule
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(1);

    /// <inheritdoc/>
    public override string Apply(string name)
    {
        try
        {
            return Regex.Replace(name, Pattern, Replacement, RegexOptions.CultureInvariant, Limit);
        }
        catch (RegexMatchTimeoutException e)
        {
            throw new ArgumentException($"The renaming pattern '{Pattern}' took more than {Limit.TotalSeconds} s on the name '{Shown.Text(name)}': write it without nested repetition.", e);
        }
        catch (RegexParseException e)
        {
            throw new ArgumentException($"The renaming pattern '{Pattern}' is no regular expression: {e.Message}", e);
        }
    }
}
