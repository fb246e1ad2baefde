using System.Buffers.Binary;
using System.Numerics;
using Google.Protobuf;
using Tensorboard;

namespace MlComponents;

/// <summary>
/// The framing of an event file, TensorFlow's TFRecord: of each record its length in 8 bytes, a check sum of these, the data, and a check sum of the data. Numbers are little-endian;
/// a check sum is CRC-32C, rotated right by 15 bits and increased by a constant, so that a file inside a file doesn't look like one.
/// </summary>
internal static class EventRecords
{
    private const int HeaderBytes = 12;
    private const int FooterBytes = 4;
    private const uint MaskDelta = 0xa282ead8;

    /// <summary>Appends an event as one record.</summary>
    public static void Append(MemoryStream stream, Event e)
    {
        var data = e.ToByteArray();   // TorchSharp's classes are of a generator that can't write to spans
        Span<byte> number = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(number, data.Length);
        stream.Write(number);
        WriteCheckSum(number);
        stream.Write(data);
        WriteCheckSum(data);

        void WriteCheckSum(ReadOnlySpan<byte> bytes)
        {
            Span<byte> sum = stackalloc byte[FooterBytes];
            BinaryPrimitives.WriteUInt32LittleEndian(sum, CheckSum(bytes));
            stream.Write(sum);
        }
    }

    /// <summary>Reads the events of a file up to its end, or to where a killed process or a full disk has torn it.</summary>
    public static IEnumerable<Event> Read(Stream stream)
    {
        var header = new byte[HeaderBytes];
        while (stream.ReadAtLeast(header, HeaderBytes, throwOnEndOfStream: false) == HeaderBytes)
        {
            var length = BinaryPrimitives.ReadInt64LittleEndian(header);
            if (CheckSum(header.AsSpan(0, 8)) != BinaryPrimitives.ReadUInt32LittleEndian(header.AsSpan(8)) || length < 0 || length > stream.Length - stream.Position - FooterBytes)
                yield break;
            var data = new byte[length + FooterBytes];
            stream.ReadExactly(data);
            if (CheckSum(data.AsSpan(0, (int)length)) != BinaryPrimitives.ReadUInt32LittleEndian(data.AsSpan((int)length)))
                yield break;
            yield return Event.Parser.ParseFrom(data, 0, (int)length);
        }
    }

    private static uint CheckSum(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        for (; bytes.Length >= 8; bytes = bytes[8..])
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        foreach (var value in bytes)
            crc = BitOperations.Crc32C(crc, value);
        return BitOperations.RotateRight(~crc, 15) + MaskDelta;
    }
}
