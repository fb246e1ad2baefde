namespace MlComponents.Tests.Training.Checkpoints;

/// <summary>A disk that has room for a while.</summary>
internal sealed class FullDisk(Stream disk, Func<int, bool> hasRoom) : Stream
{
    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => disk.Length;

    public override long Position { get => disk.Position; set => throw new NotSupportedException(); }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        if (!hasRoom(buffer.Length))
            throw new IOException("No space left on device");
        disk.Write(buffer);
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Flush() => disk.Flush();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
