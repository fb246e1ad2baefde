namespace MlComponents;

/// <summary>A dictionary of a pickle in the order in which it was filled.</summary>
/// <param name="isOrdered">Whether it is Python's OrderedDict, which may carry attributes.</param>
internal sealed class PickleDictionary(bool isOrdered)
{
    private OrderedDictionary<object, object?>? entries;   // most are empty: the hooks that every tensor has

    public bool IsOrdered => isOrdered;

    public IEnumerable<KeyValuePair<object, object?>> Entries => entries ?? [];

    public int Count => entries?.Count ?? 0;

    /// <exception cref="InvalidDataException">The key is None or is there already.</exception>
    public void Add(object? key, object? value)
    {
        if (key is null)
            throw new InvalidDataException("The pickle has a dictionary with the key None, and such ones can't be read.");
        if (!(entries ??= []).TryAdd(key, value))
            throw new InvalidDataException($"The pickle has a dictionary with the key '{Shown.Text(key.ToString()!)}' twice.");
    }

    public object? Find(string key) => entries?.GetValueOrDefault(key);
}
