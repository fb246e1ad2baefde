using System.Buffers.Binary;

namespace MlComponents.Tests.TensorBoards;

/// <summary>A value of an event with what the event says of it; messages as their .proto files number their fields.</summary>
internal sealed record RecordedValue(double WallTime, long Step, WireMessage Value)
{
    public string Tag => Value.Text(1);

    public float Scalar => Value.Float(2);

    public WireMessage Image => Value.Message(4);

    public WireMessage Histogram => Value.Message(5);

    public WireMessage Tensor => Value.Message(8);

    public long[] TensorShape => [.. Tensor.Message(2).Messages(2).Select(dim => dim.Int(1))];

    public WireMessage Metadata => Value.Message(9);

    public string Plugin => Metadata.Message(1).Text(1);

    public byte[] PluginContent => Metadata.Message(1).Bytes(2);
}

/// <summary>Reads event files, from the formats' descriptions alone.</summary>
internal static class EventFiles
{
    private static readonly uint[] Table = [.. Enumerable.Range(0, 256).Select(Entry)];

    public static string[] Of(string folder) => [.. Directory.GetFiles(folder, "events.out.tfevents.*").Order(StringComparer.Ordinal)];

    /// <summary>The events of a whole file, each of whose check sums must be right.</summary>
    public static IReadOnlyList<WireMessage> Read(string path)
    {
        var events = new List<WireMessage>();
        ReadOnlySpan<byte> data = File.ReadAllBytes(path);
        while (data.Length > 0)
        {
            var length = (int)BinaryPrimitives.ReadUInt64LittleEndian(data);
            Assert.AreEqual(Masked(data[..8]), BinaryPrimitives.ReadUInt32LittleEndian(data[8..]), "check sum of the length");
            Assert.AreEqual(Masked(data.Slice(12, length)), BinaryPrimitives.ReadUInt32LittleEndian(data[(12 + length)..]), "check sum of the data");
            events.Add(new WireMessage(data.Slice(12, length)));
            data = data[(16 + length)..];
        }
        return events;
    }

    /// <summary>The values of all files of a folder, in the order of writing.</summary>
    public static IReadOnlyList<RecordedValue> Values(string folder) => [.. Of(folder).SelectMany(Read).SelectMany(ValuesOf)];

    /// <summary>The values that TensorBoard shows: an event of a session's start takes back its step and later ones, but for the first, which begins the run.</summary>
    public static IReadOnlyList<RecordedValue> Shown(string folder)
    {
        var values = new List<RecordedValue>();
        var hasStarted = false;
        foreach (var e in Of(folder).SelectMany(Read))
        {
            if (e.Message(7).Int(1) == 1)
            {
                if (hasStarted)
                    values.RemoveAll(value => value.Step >= e.Int(2));
                hasStarted = true;
            }
            values.AddRange(ValuesOf(e));
        }
        return values;
    }

    public static IEnumerable<RecordedValue> ValuesOf(WireMessage e) => e.Message(5).Messages(1).Select(value => new RecordedValue(e.Double(1), e.Int(2), value));

    /// <summary>The check sum of a record: CRC-32C, bit by bit over the reflected polynomial, then masked.</summary>
    private static uint Masked(ReadOnlySpan<byte> bytes)
    {
        var crc = 0xffffffffu;
        foreach (var value in bytes)
            crc = Table[(crc ^ value) & 0xff] ^ crc >> 8;
        crc = ~crc;
        return (crc >> 15 | crc << 17) + 0xa282ead8;
    }

    private static uint Entry(int index)
    {
        var crc = (uint)index;
        for (var bit = 0; bit < 8; bit++)
            crc = (crc & 1) != 0 ? crc >> 1 ^ 0x82f63b78 : crc >> 1;
        return crc;
    }
}
