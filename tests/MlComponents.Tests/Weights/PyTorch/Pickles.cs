using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace MlComponents.Tests.Weights.PyTorch;

/// <summary>Files of torch.save made by hand: pickles are written as Latin-1, one character for each byte.</summary>
internal static class Pickles
{
    public const string Begin = "\u0080\u0002";
    public const string RebuildTensor = "ctorch._utils\n_rebuild_tensor_v2\n";
    public const string Hooks = "\u0089ccollections\nOrderedDict\n)R";   // needs no gradient, and no hooks

    /// <summary>The bytes of a pickle.</summary>
    public static byte[] Bytes(string pickle) => Encoding.Latin1.GetBytes(pickle);

    public static string Text(string text) => $"X{Latin(text.Length, 4)}{text}";

    public static string Integer(long value) => $"\u008a\u0008{Latin(value, 8)}";

    public static string Sizes(params long[] sizes) => $"({string.Concat(sizes.Select(Integer))}t";

    public static string Storage(string type, string key, long count, string more = "") => $"({Text("storage")}ctorch\n{type}\n{Text(key)}{Text("cpu")}{Integer(count)}{more}tQ";

    public static string Tensor(string storage, long begin, long[] shape, long[] strides, string more = "") =>
        $"{RebuildTensor}({storage}{Integer(begin)}{Sizes(shape)}{Sizes(strides)}{Hooks}{more}tR";

    /// <summary>A whole pickle with one tensor called x.</summary>
    public static string OneTensor(string tensor) => $"{Begin}}}{Text("x")}{tensor}s.";

    /// <summary>A tensor x that views the storage 0 of floats.</summary>
    public static string Floats(long count, long begin, long[] shape, long[] strides, string more = "") =>
        OneTensor(Tensor(Storage("FloatStorage", "0", count), begin, shape, strides, more));

    /// <summary>The zip layout, with storages by key.</summary>
    public static byte[] Archive(string pickle, params (string Key, byte[] Bytes)[] storages)
    {
        using var stream = new MemoryStream();
        var zip = new ZipWriter(stream);
        zip.Add("archive/data.pkl", Bytes(pickle));
        foreach (var (key, bytes) in storages)
            zip.Add($"archive/data/{key}", bytes);
        zip.Finish();
        return stream.ToArray();
    }

    /// <summary>The layout before PyTorch 1.6.</summary>
    public static byte[] Legacy(string pickle, string keys, params byte[][] storages) =>
    [
        .. Bytes($"{Begin}\u008a\nl\u00fc\u009cF\u00f9 j\u00a8P\u0019."), .. Bytes($"{Begin}M\u00e9\u0003."), .. Bytes($"{Begin}}}{Text("little_endian")}\u0088s."),
        .. Bytes(pickle), .. Bytes(keys), .. storages.SelectMany(bytes => bytes),
    ];

    /// <summary>A list of storage keys.</summary>
    public static string Keys(params string[] keys) => $"{Begin}]({string.Concat(keys.Select(Text))}e.";

    /// <summary>Floats as a storage has them in the older layout: their number, then their bytes.</summary>
    public static byte[] Counted(params float[] values) => [.. BitConverter.GetBytes((long)values.Length), .. Raw(values)];

    public static byte[] Raw(params float[] values) => [.. values.SelectMany(BitConverter.GetBytes)];

    /// <summary>An archive of deflated entries, made by .NET.</summary>
    public static byte[] Deflated(params (string Name, byte[] Bytes)[] entries)
    {
        using var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
            foreach (var (name, bytes) in entries)
                using (var entry = zip.CreateEntry(name, CompressionLevel.Optimal).Open())
                    entry.Write(bytes);
        return stream.ToArray();
    }

    /// <summary>Reads what should be refused, and gives the message.</summary>
    public static string Refusal(byte[] file)
    {
        using var scope = NewDisposeScope();
        return Assert.ThrowsExactly<InvalidDataException>(() => PyTorchFile.Read(new MemoryStream(file))).Message;
    }

    private static string Latin(long value, int bytes)
    {
        var number = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(number, value);
        return Encoding.Latin1.GetString(number, 0, bytes);
    }
}
