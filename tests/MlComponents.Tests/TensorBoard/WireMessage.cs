using System.Buffers.Binary;
using System.Text;

namespace MlComponents.Tests.TensorBoards;

/// <summary>A message in protobuf's wire format, read from the format's description alone: a list of fields, each a number, eight or four bytes, or bytes.</summary>
internal sealed class WireMessage
{
    private readonly List<(int Number, ulong Bits, byte[]? Bytes)> fields = [];

    public WireMessage(ReadOnlySpan<byte> data)
    {
        while (data.Length > 0)
        {
            var key = Varint(ref data);
            var number = (int)(key >> 3);
            switch (key & 7)
            {
                case 0: fields.Add((number, Varint(ref data), null)); break;
                case 1: fields.Add((number, BinaryPrimitives.ReadUInt64LittleEndian(Take(ref data, 8)), null)); break;
                case 2: fields.Add((number, 0, Take(ref data, (int)Varint(ref data)).ToArray())); break;
                case 5: fields.Add((number, BinaryPrimitives.ReadUInt32LittleEndian(Take(ref data, 4)), null)); break;
                default: throw new InvalidDataException($"wire type {key & 7}");
            }
        }
    }

    public bool Has(int number) => fields.Exists(field => field.Number == number);

    public long Int(int number) => (long)Last(number).Bits;

    public double Double(int number) => BitConverter.UInt64BitsToDouble(Last(number).Bits);

    public float Float(int number) => BitConverter.UInt32BitsToSingle((uint)Last(number).Bits);

    public byte[] Bytes(int number) => Last(number).Bytes ?? [];

    public string Text(int number) => Encoding.UTF8.GetString(Bytes(number));

    public WireMessage Message(int number) => new(Bytes(number));

    public IReadOnlyList<WireMessage> Messages(int number) => [.. All(number).Select(bytes => new WireMessage(bytes))];

    public IReadOnlyList<string> Texts(int number) => [.. All(number).Select(Encoding.UTF8.GetString)];

    /// <summary>A packed list of doubles.</summary>
    public double[] Doubles(int number) => [.. All(number).SelectMany(bytes => bytes.Chunk(8)).Select(bytes => BitConverter.ToDouble(bytes))];

    /// <summary>A packed list of floats.</summary>
    public float[] Floats(int number) => [.. All(number).SelectMany(bytes => bytes.Chunk(4)).Select(bytes => BitConverter.ToSingle(bytes))];

    /// <summary>A map from names to messages.</summary>
    public IReadOnlyDictionary<string, WireMessage> Map(int number) => Messages(number).ToDictionary(entry => entry.Text(1), entry => entry.Message(2));

    private (int Number, ulong Bits, byte[]? Bytes) Last(int number) => fields.LastOrDefault(field => field.Number == number);

    private IEnumerable<byte[]> All(int number) => fields.Where(field => field.Number == number).Select(field => field.Bytes!);

    private static ulong Varint(ref ReadOnlySpan<byte> data)
    {
        var value = 0ul;
        for (var shift = 0; ; shift += 7)
        {
            var next = Take(ref data, 1)[0];
            value |= (ulong)(next & 0x7f) << shift;
            if (next < 0x80)
                return value;
        }
    }

    private static ReadOnlySpan<byte> Take(ref ReadOnlySpan<byte> data, int count)
    {
        var taken = data[..count];
        data = data[count..];
        return taken;
    }
}
