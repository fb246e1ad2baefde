using System.IO.Compression;

namespace MlComponents;

/// <summary>The content of an entry, whose length and check sum are compared with what the archive's directory says.</summary>
internal sealed class ZipEntryStream(ZipEntry entry, Stream bytes) : ForwardStream
{
    private readonly Stream content = entry.IsDeflated ? new DeflateStream(bytes, CompressionMode.Decompress) : bytes;
    private long left = entry.Length;
    private uint crc;

    /// <exception cref="InvalidDataException">The content is shorter or longer than was said, or another one.</exception>
    public override int Read(Span<byte> buffer)
    {
        if (left == 0 || buffer.IsEmpty)
            return 0;

        var count = Inflate(buffer[..(int)Math.Min(buffer.Length, left)]);
        if (count == 0)
            throw new InvalidDataException($"The archive's entry '{Shown.Text(entry.Name)}' ends {left} bytes before the {entry.Length} that are announced.");
        crc = Crc32.Append(crc, buffer[..count]);
        left -= count;
        if (left == 0)
            CheckEnd();
        return count;
    }

    private void CheckEnd()
    {
        if (entry.IsDeflated && Inflate(new byte[1]) != 0)
            throw new InvalidDataException($"The archive's entry '{Shown.Text(entry.Name)}' goes on after the {entry.Length} bytes that are announced.");

        // PyTorch can be told to compute no check sums (torch.serialization.set_crc32_options), and writes 0 then.
        if (entry.Crc != 0 && entry.Crc != crc)
            throw new InvalidDataException($"The archive's entry '{Shown.Text(entry.Name)}' is damaged: its check sum is {crc:x8}, not {entry.Crc:x8}.");
    }

    private int Inflate(Span<byte> buffer)
    {
        try
        {
            return content.Read(buffer);
        }
        catch (InvalidDataException e) when (entry.IsDeflated)
        {
            throw new InvalidDataException($"The archive's entry '{Shown.Text(entry.Name)}' is damaged: {e.Message}", e);
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            content.Dispose();
        base.Dispose(disposing);
    }
}
