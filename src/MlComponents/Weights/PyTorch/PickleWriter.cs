using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace MlComponents;

/// <summary>Writes a pickle of protocol 2, as torch.save does, from the operations that PyTorch's restricted unpickler knows.</summary>
internal sealed class PickleWriter
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
    private readonly ArrayBufferWriter<byte> pickle = new();

    public PickleWriter() => Write([0x80, 2]);

    /// <summary>A class or function of Python.</summary>
    public void Global(string module, string name) => Write(Utf8.GetBytes($"c{module}\n{name}\n"));

    /// <summary>Calls the function on top without arguments.</summary>
    public void Call() => Write(")R"u8);

    /// <summary>Calls the function below the tuple on top with it.</summary>
    public void Reduce() => Write("R"u8);

    /// <summary>Begins a tuple or items.</summary>
    public void Mark() => Write("("u8);

    /// <summary>Makes a tuple of what followed the mark.</summary>
    public void Tuple() => Write("t"u8);

    /// <summary>Puts the keys and values that followed the mark into the dictionary below it.</summary>
    public void Items() => Write("u"u8);

    public void False() => Write([0x89]);

    /// <exception cref="ArgumentException">It has half of a surrogate pair, which UTF-8 can't say.</exception>
    public void Text(string text)
    {
        var bytes = Utf8.GetBytes(text);
        Write("X"u8);
        Number(bytes.Length, sizeof(int));
        Write(bytes);
    }

    public void Integer(long value)
    {
        var wide = value is < int.MinValue or > int.MaxValue;
        Write(wide ? [0x8a, sizeof(long)] : "J"u8);
        Number(value, wide ? sizeof(long) : sizeof(int));
    }

    public void Sizes(long[] sizes)
    {
        Mark();
        foreach (var size in sizes)
            Integer(size);
        Tuple();
    }

    /// <summary>A storage by its persistent id.</summary>
    public void Storage(string type, string key, long count)
    {
        Mark();
        Text("storage");
        Global("torch", type);
        Text(key);
        Text("cpu");
        Integer(count);
        Tuple();
        Write("Q"u8);
    }

    public byte[] Finish()
    {
        Write("."u8);
        return pickle.WrittenSpan.ToArray();
    }

    private void Write(ReadOnlySpan<byte> bytes) => pickle.Write(bytes);

    private void Number(long value, int bytes)
    {
        Span<byte> number = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(number, value);
        Write(number[..bytes]);
    }
}
