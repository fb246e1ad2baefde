using System.Buffers.Binary;

namespace MlComponents;

/// <summary>Reads little-endian numbers one after the other.</summary>
internal ref struct FieldReader(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> rest = bytes;

    /// <summary>Bytes that are left.</summary>
    public readonly int Left => rest.Length;

    public ushort UInt16() => BinaryPrimitives.ReadUInt16LittleEndian(Bytes(2));

    public uint UInt32() => BinaryPrimitives.ReadUInt32LittleEndian(Bytes(4));

    /// <summary>A 64-bit length or offset.</summary>
    /// <exception cref="InvalidDataException">It is more than any file has, or there are no 8 bytes left.</exception>
    public long Size()
    {
        var value = BinaryPrimitives.ReadUInt64LittleEndian(Bytes(8));
        return value <= long.MaxValue ? (long)value : throw new InvalidDataException($"The archive speaks of {value} bytes, which no file has.");
    }

    /// <exception cref="InvalidDataException">There are fewer left.</exception>
    public ReadOnlySpan<byte> Bytes(int count)
    {
        if (count > rest.Length)
            throw new InvalidDataException("The archive's directory ends in the middle of an entry: it is damaged.");
        var taken = rest[..count];
        rest = rest[count..];
        return taken;
    }
}
