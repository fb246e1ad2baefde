namespace MlComponents;

/// <summary>A part of a stream that can seek; the stream stays open.</summary>
/// <param name="stream">The whole.</param>
/// <param name="offset">Where the part begins, counted from the stream's beginning.</param>
/// <param name="length">Its bytes.</param>
internal sealed class StreamPart(Stream stream, long offset, long length) : ForwardStream
{
    private long done;

    public override int Read(Span<byte> buffer)
    {
        if (stream.Position != offset + done)
            stream.Position = offset + done;
        var count = stream.Read(buffer[..(int)Math.Min(buffer.Length, length - done)]);
        done += count;
        return count;
    }
}
