namespace MlComponents;

/// <summary>Chooses the tensors of what a file holds.</summary>
internal static class PyTorchSelection
{
    private const int MostShown = 20;
    private static readonly IEnumerable<KeyValuePair<string, object?>> NoChildren = [];

    /// <summary>The tensors right below a key by name; those of a list are called by their positions, a tensor by itself "tensor".</summary>
    /// <param name="root">What the file holds.</param>
    /// <param name="key">Keys from the outermost dictionary inwards, with <c>/</c> between them; null: the root.</param>
    /// <exception cref="InvalidDataException">There is no such key, or below it are no tensors, or containers of tensors beside them.</exception>
    public static List<KeyValuePair<string, PickleTensor>> Select(object? root, string? key)
    {
        var (found, name) = (root, "tensor");
        foreach (var part in key?.Split('/') ?? [])
        {
            found = Children(found).FirstOrDefault(child => child.Key == part).Value
                ?? throw new InvalidDataException($"The file has nothing at the key '{Shown.Text(key!)}'; {KeysOf(root)}.");
            name = part;
        }
        if (found is PickleTensor tensor)
            return [KeyValuePair.Create(name, tensor)];

        var isNested = Containers(found).Skip(1).Any(inner => HoldsTensors(inner.Container));
        var isEmpty = found is PickleDictionary { Count: 0 } or IReadOnlyList<object?> { Count: 0 };
        if (isNested || !HoldsTensors(found) && !isEmpty)
            throw new InvalidDataException(
                $"{(key is null ? "The file holds" : $"At the key '{Shown.Text(key)}' is")} {PickleGlobals.Kind(found)} {(isNested ? "with tensors further inside" : "without tensors")}; "
                + $"{KeysOf(root)}: choose one by the argument 'key'.");
        return [.. Children(found).Where(child => child.Value is PickleTensor).Select(child => KeyValuePair.Create(child.Key, (PickleTensor)child.Value!))];
    }

    private static IEnumerable<KeyValuePair<string, object?>> Children(object? parent) => parent switch
    {
        PickleDictionary dictionary => dictionary.Entries,
        IReadOnlyList<object?> list => list.Select((item, i) => KeyValuePair.Create($"{i}", item)),
        _ => NoChildren,
    };

    private static bool HoldsTensors(object? container) => Children(container).Any(child => child.Value is PickleTensor);

    /// <summary>A container and all that are inside of it, the nearer ones first, each once: a pickle's containers can hold themselves.</summary>
    private static List<(object? Container, string Name, int Parent)> Containers(object? root)
    {
        var found = new List<(object? Container, string Name, int Parent)> { (root, "", -1) };
        var seen = new HashSet<object>(ReferenceEqualityComparer.Instance) { root ?? NoChildren };
        for (var i = 0; i < found.Count; i++)
            foreach (var (name, child) in Children(found[i].Container))
                if (child is PickleDictionary or IReadOnlyList<object?> && seen.Add(child))
                    found.Add((child, name, i));
        return found;
    }

    private static string KeysOf(object? root)
    {
        var containers = Containers(root);
        var holding = Enumerable.Range(1, containers.Count - 1).Where(i => HoldsTensors(containers[i].Container)).ToList();
        var keys = holding.Take(MostShown).Select(i => $"'{Path(containers, i)}'").ToList();
        return keys.Count == 0 ? "no key of it holds tensors"
            : $"keys that hold tensors are {string.Join(", ", keys)}{(holding.Count > keys.Count ? $" and {holding.Count - keys.Count} more" : "")}";
    }

    private static string Path(List<(object? Container, string Name, int Parent)> containers, int at)
    {
        var names = new List<string>();
        for (; at > 0 && names.Count < MostShown; at = containers[at].Parent)
            names.Add(containers[at].Name);
        return Shown.Text(string.Join("/", names.AsEnumerable().Reverse()));
    }
}
