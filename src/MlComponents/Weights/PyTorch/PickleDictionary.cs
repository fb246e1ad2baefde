using System.Globalization;

namespace MlComponents;

/// <summary>A dictionary of a pickle in the order in which it was filled. Keys that are no texts, such as numbers, go by how Python shows them.</summary>
/// <param name="isOrdered">Whether it is Python's OrderedDict, which may carry attributes.</param>
internal sealed class PickleDictionary(bool isOrdered)
{
    private const int LongestKey = 1000;   // a text is noted once and can be used as a key by two bytes: hashing it must not take long
    private OrderedDictionary<string, object?>? entries;   // most are empty: the hooks that every tensor has

    public bool IsOrdered => isOrdered;

    public IEnumerable<KeyValuePair<string, object?>> Entries => entries ?? [];

    public int Count => entries?.Count ?? 0;

    /// <exception cref="InvalidDataException">The key is too long, of a kind that isn't read, or there already.</exception>
    public void Add(object? key, object? value)
    {
        var name = Checked(key as string ?? Show(key));
        if (!(entries ??= []).TryAdd(name, value))
            throw new InvalidDataException($"The pickle has a dictionary with the key '{Shown.Text(name)}' twice.");
    }

    public object? Find(string key) => entries?.GetValueOrDefault(key);

    private static string Checked(string name) => name.Length <= LongestKey ? name : throw new InvalidDataException(
        $"The pickle has a dictionary with the key '{Shown.Text(name)}' of {name.Length} characters, but {LongestKey} are allowed.");

    private static string Show(object? key) => key switch
    {
        long or double => Convert.ToString(key, CultureInfo.InvariantCulture)!,
        bool => key is true ? "True" : "False",
        object?[] { Length: <= 8 } tuple => $"({string.Join(", ", tuple.Select(part => part is object?[] ? "(…)" : Checked(part as string ?? Show(part))))})",
        _ => throw new InvalidDataException($"The pickle has a dictionary with {PickleGlobals.Kind(key)} as a key, and such ones can't be read."),
    };
}
