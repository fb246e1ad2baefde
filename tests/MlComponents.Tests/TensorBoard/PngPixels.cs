using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace MlComponents.Tests.TensorBoards;

/// <summary>The pixels of a PNG without filters, 8 bits a channel, and its check sums, from the format's description.</summary>
internal sealed record PngPixels(int Width, int Height, int ColourType, byte[] Values)
{
    public static PngPixels Decode(byte[] file)
    {
        CollectionAssert.AreEqual(new byte[] { 0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a }, file[..8]);
        var chunks = new Dictionary<string, byte[]>();
        for (var at = 8; at < file.Length;)
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(file.AsSpan(at));
            var data = file.AsSpan(at + 8, length);
            Assert.AreEqual(Crc(file.AsSpan(at + 4, length + 4)), BinaryPrimitives.ReadUInt32BigEndian(file.AsSpan(at + 8 + length)));
            chunks[Encoding.ASCII.GetString(file, at + 4, 4)] = data.ToArray();
            at += 12 + length;
        }
        CollectionAssert.AreEqual(new[] { "IHDR", "IDAT", "IEND" }, chunks.Keys.ToArray());
        var header = chunks["IHDR"];
        var (width, height) = (BinaryPrimitives.ReadInt32BigEndian(header), BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(4)));
        Assert.AreEqual(8, header[8]);
        using var zlib = new ZLibStream(new MemoryStream(chunks["IDAT"]), CompressionMode.Decompress);
        using var rows = new MemoryStream();
        zlib.CopyTo(rows);
        var bytes = rows.ToArray();
        var row = bytes.Length / height;
        Assert.IsTrue(Enumerable.Range(0, height).All(y => bytes[y * row] == 0), "a filter");
        return new(width, height, header[9], [.. bytes.Where((_, i) => i % row != 0)]);
    }

    private static uint Crc(ReadOnlySpan<byte> bytes)
    {
        var crc = 0xffffffffu;
        foreach (var value in bytes)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++)
                crc = (crc & 1) != 0 ? crc >> 1 ^ 0xedb88320 : crc >> 1;
        }
        return ~crc;
    }
}
