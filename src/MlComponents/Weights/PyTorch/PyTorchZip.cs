using System.Text;

namespace MlComponents;

/// <summary>
/// The layout since PyTorch 1.6: a zip archive with a folder of any name that holds <c>data.pkl</c>, <c>byteorder</c> and a file <c>data/KEY</c> for
/// each storage.
/// </summary>
internal sealed class PyTorchZip : PyTorchLayout
{
    private const int MaxPickleBytes = 100_000_000;

    private readonly ZipDirectory directory;
    private readonly string folder;

    /// <exception cref="InvalidDataException">The archive or the pickle is damaged, or holds what isn't allowed.</exception>
    public PyTorchZip(Stream stream)
    {
        directory = new ZipDirectory(stream);
        folder = FindFolder();
        if (directory.Entries.ContainsKey(folder + "constants.pkl"))
            throw new InvalidDataException("This is a TorchScript program of torch.jit.save, not weights: save its state_dict() with torch.save.");
        CheckByteOrder();
        Root = Unpickler.Read(new MemoryStream(directory.ReadAll(directory.Entries[folder + "data.pkl"], MaxPickleBytes)), Find);
    }

    public override object? Root { get; }

    public override Stream Open(PickleStorage storage) => directory.Open(Entry(storage));

    protected override void Check(PickleStorage storage)
    {
        var entry = Entry(storage);
        if (entry.Length != storage.Length)
            throw new InvalidDataException(
                $"The storage '{Shown.Text(storage.Key)}' of {storage.Count} {storage.Type} needs {storage.Length} bytes, but its entry has {entry.Length}: the file is damaged.");
    }

    private ZipEntry Entry(PickleStorage storage) => directory.Entries.GetValueOrDefault($"{folder}data/{storage.Key}")
        ?? throw new InvalidDataException($"The archive has no entry for the storage '{Shown.Text(storage.Key)}': it is damaged.");

    private string FindFolder()
    {
        var folders = directory.Entries.Keys.Where(name => name.EndsWith("/data.pkl", StringComparison.Ordinal) && name.Count(c => c == '/') == 1).ToList();
        return folders is [var pickle]
            ? pickle[..^"data.pkl".Length]
            : throw new InvalidDataException($"A file of torch.save has one folder with a data.pkl, but this zip archive has {folders.Count}.");
    }

    private void CheckByteOrder()
    {
        if (directory.Entries.GetValueOrDefault(folder + "byteorder") is not { } entry)
            return;   // PyTorch before 2.0 doesn't write it
        var order = Encoding.Latin1.GetString(directory.ReadAll(entry, 100));
        if (order != "little")
            throw new InvalidDataException($"The file's byte order is '{Shown.Text(order)}', and only 'little' can be read: load it in PyTorch on an ordinary machine and save it again.");
    }
}
