using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace MlComponents;

/// <summary>Reads the arguments of a pickle's operations; no more memory is taken than there are bytes left.</summary>
/// <param name="stream">A stream that can seek, at the pickle's beginning. It ends where the pickle ends.</param>
internal sealed class PickleReader(Stream stream)
{
    private const int LongestLine = 1000;
    private const long MostBytes = 100_000_000;   // of one value; a span can't hold what a large file can announce
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
    private readonly byte[] number = new byte[8];

    /// <summary>Bytes that are left.</summary>
    public long Left => stream.Length - stream.Position;

    public byte Byte()
    {
        var value = stream.ReadByte();
        return value >= 0 ? (byte)value : throw CutOff();
    }

    public ushort UInt16() => BinaryPrimitives.ReadUInt16LittleEndian(Number(2));

    public int Int32() => BinaryPrimitives.ReadInt32LittleEndian(Number(4));

    public uint UInt32() => BinaryPrimitives.ReadUInt32LittleEndian(Number(4));

    public long Int64() => BinaryPrimitives.ReadInt64LittleEndian(Number(8));

    /// <summary>A big-endian double, as pickles have it.</summary>
    public double Double() => BinaryPrimitives.ReadDoubleBigEndian(Number(8));

    /// <summary>A whole number of any size in two's complement: a long where it fits.</summary>
    public object Integer(int length)
    {
        var value = new BigInteger(Bytes(length));
        return value >= long.MinValue && value <= long.MaxValue ? (object)(long)value : value;
    }

    /// <summary>A text of so many bytes of UTF-8.</summary>
    public string Text(long length)
    {
        try
        {
            return Utf8.GetString(Bytes(length));
        }
        catch (DecoderFallbackException e)
        {
            throw new InvalidDataException("The pickle has a text that is no UTF-8.", e);
        }
    }

    /// <summary>A text up to the end of its line.</summary>
    public string Line()
    {
        var line = new StringBuilder();
        for (var value = Byte(); value != '\n'; value = Byte())
            if (line.Append((char)value).Length > LongestLine)
                throw new InvalidDataException($"The pickle has a line of more than {LongestLine} characters, which nothing needs.");
        return line.ToString();
    }

    private byte[] Bytes(long length)
    {
        if (length < 0 || length > Left)
            throw new InvalidDataException($"The pickle announces {length} bytes, but {Left} follow: it is cut off or damaged.");
        if (length > MostBytes)
            throw new InvalidDataException($"The pickle has a value of {length} bytes, but {MostBytes} are allowed.");
        var bytes = new byte[(int)length];
        stream.ReadExactly(bytes);
        return bytes;
    }

    private ReadOnlySpan<byte> Number(int length)
    {
        if (stream.ReadAtLeast(number.AsSpan(0, length), length, throwOnEndOfStream: false) < length)
            throw CutOff();
        return number.AsSpan(0, length);
    }

    private static InvalidDataException CutOff() => new("The pickle ends in the middle: it is cut off or damaged.");
}
