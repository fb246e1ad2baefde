using System.Globalization;

namespace MlComponents.ResumeProbe;

/// <summary>A file of a checkpoint, in the middle of whose writing a process can be killed; which file and after how many bytes is another for another step.</summary>
internal sealed class WatchedFile(FileStream file, Moment moment) : Stream
{
    private static readonly string[] Files = ["weights.safetensors", "optimizer.safetensors", "run.safetensors", "state.json"];

    private readonly long step = StepOf(file.Name);
    private bool isWatched = Path.GetFileName(file.Name) == Files[StepOf(file.Name) % Files.Length];

    public override bool CanRead => false;
    public override bool CanSeek => false;
    public override bool CanWrite => true;
    public override long Length => file.Length;
    public override long Position { get => file.Position; set => throw new NotSupportedException(); }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        var half = buffer.Length / 2;
        file.Write(buffer[..half]);
        if (isWatched && file.Position > 29 * step % 2000)
        {
            file.Flush();
            isWatched = false;
            moment.InWriting(step);
        }
        file.Write(buffer[half..]);
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Flush() => file.Flush();
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <summary>The step of a checkpoint's folder, or of one that is not yet called so: <c>step-00000012.….tmp</c>.</summary>
    private static long StepOf(string path) =>
        long.Parse(Path.GetFileName(Path.GetDirectoryName(path)!).AsSpan("step-".Length, 8), CultureInfo.InvariantCulture);
}
