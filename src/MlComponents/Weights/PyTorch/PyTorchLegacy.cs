using System.Globalization;
using System.Numerics;

namespace MlComponents;

/// <summary>
/// The layout before PyTorch 1.6: five pickles (a magic number, the protocol's number, facts about the machine, the object, the storages' keys) and
/// then the storages in the order of the keys, each with its number of elements before it.
/// </summary>
internal sealed class PyTorchLegacy : PyTorchLayout
{
    private const int Protocol = 1001;
    private static readonly BigInteger Magic = BigInteger.Parse("1950a86a20f9469cfc6c", NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    private readonly Stream stream;
    private readonly Dictionary<string, long> offsets = [];

    /// <exception cref="InvalidDataException">The file is damaged, cut off, or holds what isn't allowed.</exception>
    public PyTorchLegacy(Stream stream)
    {
        this.stream = stream;
        if (!Magic.Equals(Unpickler.Read(stream)))
            throw new InvalidDataException("The file begins like one of PyTorch's older ones, but its magic number is another one.");
        if (Unpickler.Read(stream) is var protocol && protocol is not (long)Protocol)
            throw new InvalidDataException($"The file has the protocol {protocol}, but only {Protocol} is known.");
        if (Unpickler.Read(stream) is not PickleDictionary machine || machine.Find("little_endian") is not true)
            throw new InvalidDataException("The file comes from a big-endian machine, and only little-endian ones can be read: load it in PyTorch there and save it on another machine.");

        Root = Unpickler.Read(stream, Find);
        if (Unpickler.Read(stream) is not List<object?> keys)
            throw new InvalidDataException("The file has no list of its storages: it is damaged.");
        foreach (var key in keys)
            Locate(key as string ?? throw new InvalidDataException($"The file's list of storages has {PickleGlobals.Kind(key)} where a key belongs."));

        if (Storages.Keys.FirstOrDefault(key => !offsets.ContainsKey(key)) is { } missing)
            throw new InvalidDataException($"The file has tensors of the storage '{Shown.Text(missing)}', but not its bytes: it is damaged.");
        if (stream.Position != stream.Length)
            throw new InvalidDataException($"The file goes on for {stream.Length - stream.Position} bytes after its last storage: it is damaged.");
    }

    public override object? Root { get; }

    public override Stream Open(PickleStorage storage) => new StreamPart(stream, offsets[storage.Key], storage.Length);

    protected override void Check(PickleStorage storage)
    {
        if (storage.Length > stream.Length - stream.Position)
            throw CutOff(storage);
    }

    /// <summary>Notes where the storage at the stream's position begins, and goes behind it.</summary>
    private void Locate(string key)
    {
        if (!Storages.TryGetValue(key, out var storage) || offsets.ContainsKey(key))
            throw new InvalidDataException($"The file lists the storage '{Shown.Text(key)}' twice, or no tensor needs it: it is damaged.");

        Span<byte> header = stackalloc byte[sizeof(long)];
        TensorBytes.ReadExactly(stream, header, $"the storage '{Shown.Text(key)}'");
        var count = BitConverter.ToInt64(header);
        if (count != storage.Count)
            throw new InvalidDataException($"The storage '{Shown.Text(key)}' has {count} elements, but the pickle speaks of {storage.Count}: the file is damaged.");
        Check(storage);

        offsets.Add(key, stream.Position);
        stream.Position += storage.Length;
    }

    private static InvalidDataException CutOff(PickleStorage storage) =>
        new($"The storage '{Shown.Text(storage.Key)}' has {storage.Length} bytes, more than the file has left: it is cut off.");
}
