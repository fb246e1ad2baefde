using System.Buffers.Binary;
using System.IO.Compression;

namespace MlComponents;

/// <summary>Writes pictures as PNG: 8 bits a channel, grey, RGB or RGBA.</summary>
/// <remarks>Of its own, because SkiaSharp, on which TorchSharp depends, brings its native library on Windows and macOS alone.</remarks>
internal static class PngImage
{
    private static readonly byte[] Signature = [0x89, (byte)'P', (byte)'N', (byte)'G', (byte)'\r', (byte)'\n', 0x1a, (byte)'\n'];

    /// <summary>A picture as the bytes of a file.</summary>
    /// <param name="pixels">uint8 [C, H, W] on the CPU, with 1, 3 or 4 channels.</param>
    public static byte[] Encode(Tensor pixels)
    {
        using var scope = NewDisposeScope();

        var (channels, height, width) = ((int)pixels.shape[0], (int)pixels.shape[1], (int)pixels.shape[2]);
        var rows = pixels.permute(1, 2, 0).contiguous();   // [H, W, C]

        using var file = new MemoryStream();
        file.Write(Signature);
        Write(file, "IHDR"u8, Header(width, height, channels));
        Write(file, "IDAT"u8, Compress(rows.bytes, width * channels));
        Write(file, "IEND"u8, []);
        return file.ToArray();
    }

    private static byte[] Header(int width, int height, int channels)
    {
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        header[8] = 8;   // bits a channel
        header[9] = channels switch { 1 => 0, 3 => 2, _ => 6 };   // the colour type: grey, RGB, RGBA
        return header;   // compressed by deflate, filtered row by row, not interlaced
    }

    private static byte[] Compress(ReadOnlySpan<byte> pixels, int rowBytes)
    {
        using var compressed = new MemoryStream();
        using (var zlib = new ZLibStream(compressed, CompressionLevel.Optimal))
            for (; pixels.Length > 0; pixels = pixels[rowBytes..])
            {
                zlib.WriteByte(0);   // no filter
                zlib.Write(pixels[..rowBytes]);
            }
        return compressed.ToArray();
    }

    private static void Write(MemoryStream file, ReadOnlySpan<byte> type, ReadOnlySpan<byte> data)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
        file.Write(number);
        file.Write(type);
        file.Write(data);
        BinaryPrimitives.WriteUInt32BigEndian(number, Crc32.Append(Crc32.Append(0, type), data));
        file.Write(number);
    }
}
