using System.Globalization;

namespace MlComponents;

/// <summary>How messages show what they speak of: short, whatever a file said.</summary>
internal static class Shown
{
    private const int Longest = 100;

    /// <summary>A text, cut where it is long.</summary>
    public static string Text(string text) => text.Length <= Longest ? text : text[..Longest] + "…";

    /// <summary>A number, with a point whatever the culture is.</summary>
    public static string Number(double number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>A shape such as [2, 3].</summary>
    public static string Shape<T>(IEnumerable<T> sizes) => Text($"[{string.Join(", ", sizes)}]");

    /// <summary>The first names of a list, and how many more there are.</summary>
    public static string Names(IReadOnlyCollection<string> names, int most = 20) =>
        string.Join(", ", names.Take(most).Select(Text)) + (names.Count > most ? $" and {names.Count - most} more" : "");
}
