namespace MlComponents;

/// <summary>A file of torch.save whose pickle was read and whose storages were found, but not read yet.</summary>
internal abstract class PyTorchLayout
{
    private const int LongestKey = 1000;   // see PickleDictionary
    private readonly Dictionary<string, PickleStorage> storages = [];

    /// <summary>What was saved: a dictionary, list, tuple, tensor or plain value.</summary>
    public abstract object? Root { get; }

    /// <summary>The storages that the pickle names.</summary>
    protected IReadOnlyDictionary<string, PickleStorage> Storages => storages;

    /// <summary>Reads the directory and the pickle of a file, whichever layout it has.</summary>
    /// <param name="stream">A stream that can seek; it must stay open while storages are read.</param>
    /// <exception cref="InvalidDataException">It is no file of torch.save, damaged, or holds what isn't allowed.</exception>
    public static PyTorchLayout Read(Stream stream) => WeightFormats.Detect(stream) switch
    {
        WeightFormat.PyTorchZip => new PyTorchZip(stream),
        WeightFormat.PyTorchLegacy => new PyTorchLegacy(stream),
        WeightFormat.PyTorchTar => throw new InvalidDataException(
            "The file has the tar layout of PyTorch before 0.1.10, which isn't read: load it in PyTorch and save it again."),
        _ => throw new InvalidDataException("This is no file of PyTorch's torch.save: it is neither a zip archive nor does it begin with the magic number of older ones."),
    };

    /// <summary>The bytes of a storage, as many as it has.</summary>
    public abstract Stream Open(PickleStorage storage);

    /// <summary>Finds the storage that a pickle names by ('storage', class, key, device, elements), and in older files a view or None behind.</summary>
    /// <exception cref="InvalidDataException">It is named otherwise, or contradicts what was said before.</exception>
    protected PickleStorageView Find(object?[] id)
    {
        if (id is not ["storage", PickleStorageClass { Type: var type }, string key, string, long count, .. { Length: <= 1 } older])
            throw new InvalidDataException($"The pickle refers to something outside ({Describe(id)}) that is no storage: it is damaged, or no file of weights.");
        if (key.Length > LongestKey)
            throw new InvalidDataException($"The pickle names a storage '{Shown.Text(key)}' with {key.Length} characters, but {LongestKey} are allowed.");
        if (count < 0 || count > long.MaxValue / PyTorchTypes.SizeOf(type))
            throw new InvalidDataException($"The storage '{Shown.Text(key)}' is said to have {count} elements, which no file has.");

        var storage = new PickleStorage(key, type, count);
        if (!storages.TryAdd(key, storage) && storages[key] != storage)
            throw new InvalidDataException($"The storage '{Shown.Text(key)}' is said to be {storages[key].Count} {storages[key].Type} and also {count} {type}: the file is damaged.");
        Check(storage);
        return older is [object?[] view] ? View(storage, view) : new(storage, 0, count);
    }

    /// <summary>Compares a storage with the file.</summary>
    /// <exception cref="InvalidDataException">It isn't there, or has another length.</exception>
    protected abstract void Check(PickleStorage storage);

    private static PickleStorageView View(PickleStorage storage, object?[] view)
    {
        if (view is not [string, long begin, long count] || begin < 0 || count < 0 || count > storage.Count - begin)
            throw new InvalidDataException($"The storage '{Shown.Text(storage.Key)}' of {storage.Count} elements has a view that doesn't lie inside of it: the file is damaged.");
        return new(storage, begin, count);
    }

    private static string Describe(object?[] id) => id is [string kind, ..] ? $"'{Shown.Text(kind)}' of {id.Length} parts" : $"a tuple of {id.Length}";
}
