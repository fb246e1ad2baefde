using System.Buffers.Binary;
using System.Text;

namespace MlComponents;

/// <summary>
/// Writes a zip archive of stored entries to a stream that needs no seeking. The same entries always give the same bytes: every date is 1980-01-01.
/// The bytes of each entry begin at a multiple of 64, as PyTorch has it, so that they can be mapped into memory.
/// </summary>
/// <param name="stream">Where to.</param>
/// <param name="wideFrom">Lengths, offsets and counts from which on 64-bit fields are written; tests set it to 0.</param>
internal sealed class ZipWriter(Stream stream, uint wideFrom = uint.MaxValue)
{
    private const int Alignment = 64;
    private const ushort Utf8Names = 0x0800;
    private const uint FirstDay = 0x00210000;   // 1980-01-01, 00:00

    private readonly List<(byte[] Name, uint Crc, long Length, long Offset)> entries = [];
    private long position;

    /// <summary>Adds a small entry.</summary>
    public void Add(string name, ReadOnlySpan<byte> content)
    {
        Begin(name, Crc32.Append(0, content), content.Length);
        Write(content);
    }

    /// <summary>Adds the bytes of a dense tensor.</summary>
    public void Add(string name, Tensor dense)
    {
        var crc = 0u;
        TensorBytes.ForEachPiece(dense, bytes => crc = Crc32.Append(crc, bytes));
        Begin(name, crc, dense.numel() * dense.ElementSize);
        TensorBytes.ForEachPiece(dense, bytes => Write(bytes));
    }

    /// <summary>Writes the directory; nothing can be added afterwards.</summary>
    public void Finish()
    {
        var begin = position;
        foreach (var (name, crc, length, offset) in entries)
        {
            var (wideLength, wideOffset) = (length >= wideFrom, offset >= wideFrom);
            var wide = (wideLength ? 16 : 0) + (wideOffset ? 8 : 0);
            var extraLength = wide > 0 ? 4 + wide : 0;
            var fields = new FieldWriter(46 + name.Length + extraLength);
            fields.Add(0x02014b50u);
            fields.Add(Version(wide > 0));
            AddCommon(ref fields, name, crc, wideLength ? null : length, Version(wide > 0), extraLength);
            fields.Skip(10);   // no comment, first disk, no attributes
            fields.Add(wideOffset ? uint.MaxValue : (uint)offset);
            fields.Add(name);
            if (wide > 0)
            {
                fields.Add((ushort)1);
                fields.Add((ushort)wide);
            }
            if (wideLength)
            {
                fields.Add(length);
                fields.Add(length);
            }
            if (wideOffset)
                fields.Add(offset);
            Write(fields.Bytes);
        }
        WriteEnd(begin, position - begin);
    }

    private void Begin(string name, uint crc, long length)
    {
        var nameBytes = new UTF8Encoding(false, throwOnInvalidBytes: true).GetBytes(name);
        var wide = length >= wideFrom;
        var start = position + 30 + nameBytes.Length + (wide ? 20 : 0) + 4;
        var padding = (int)(-start & (Alignment - 1));
        var extraLength = (wide ? 20 : 0) + 4 + padding;

        var fields = new FieldWriter(30 + nameBytes.Length + extraLength);
        fields.Add(0x04034b50u);
        AddCommon(ref fields, nameBytes, crc, wide ? null : length, Version(wide), extraLength);
        fields.Add(nameBytes);
        if (wide)
        {
            fields.Add((ushort)1);
            fields.Add((ushort)16);
            fields.Add(length);
            fields.Add(length);
        }
        fields.Add("FB"u8);   // what PyTorch calls the field that only fills up
        fields.Add((ushort)padding);

        entries.Add((nameBytes, crc, length, position));
        Write(fields.Bytes);
    }

    /// <summary>The fields that an entry's header and the directory have in common; without a length it is in the 64-bit field.</summary>
    private static void AddCommon(ref FieldWriter fields, byte[] name, uint crc, long? length, ushort version, int extraLength)
    {
        fields.Add(version);
        fields.Add(Utf8Names);
        fields.Add((ushort)0);   // stored
        fields.Add(FirstDay);
        fields.Add(crc);
        fields.Add((uint)(length ?? uint.MaxValue));
        fields.Add((uint)(length ?? uint.MaxValue));
        fields.Add(checked((ushort)name.Length));
        fields.Add((ushort)extraLength);
    }

    private void WriteEnd(long offset, long length)
    {
        var wide = entries.Count >= Math.Min(wideFrom, ushort.MaxValue) || offset >= wideFrom || length >= wideFrom;
        var at = position;
        var fields = new FieldWriter(22 + (wide ? 56 + 20 : 0));
        if (wide)
        {
            fields.Add(0x06064b50u);
            fields.Add(56L - 12);   // bytes that follow
            fields.Add(Version(true));
            fields.Add(Version(true));
            fields.Skip(8);         // first disk
            fields.Add((long)entries.Count);
            fields.Add((long)entries.Count);
            fields.Add(length);
            fields.Add(offset);

            fields.Add(0x07064b50u);
            fields.Skip(4);
            fields.Add(at);
            fields.Add(1u);         // disks
        }
        fields.Add(0x06054b50u);
        fields.Skip(4);
        fields.Add(wide ? ushort.MaxValue : (ushort)entries.Count);
        fields.Add(wide ? ushort.MaxValue : (ushort)entries.Count);
        fields.Add(wide ? uint.MaxValue : (uint)length);
        fields.Add(wide ? uint.MaxValue : (uint)offset);
        Write(fields.Bytes);
    }

    private static ushort Version(bool wide) => (ushort)(wide ? 45 : 20);

    private void Write(ReadOnlySpan<byte> bytes)
    {
        stream.Write(bytes);
        position += bytes.Length;
    }

    /// <summary>Puts little-endian numbers one after the other; what isn't written is 0.</summary>
    private ref struct FieldWriter(int length)
    {
        private readonly byte[] bytes = new byte[length];
        private int at;

        public readonly ReadOnlySpan<byte> Bytes => bytes;

        public void Add(ushort value) => BinaryPrimitives.WriteUInt16LittleEndian(Take(2), value);

        public void Add(uint value) => BinaryPrimitives.WriteUInt32LittleEndian(Take(4), value);

        public void Add(long value) => BinaryPrimitives.WriteInt64LittleEndian(Take(8), value);

        public void Add(ReadOnlySpan<byte> value) => value.CopyTo(Take(value.Length));

        public void Skip(int count) => at += count;

        private Span<byte> Take(int count)
        {
            at += count;
            return bytes.AsSpan(at - count, count);
        }
    }
}
