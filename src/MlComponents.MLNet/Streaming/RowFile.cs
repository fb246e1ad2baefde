using System.Runtime.ExceptionServices;
using Microsoft.Win32.SafeHandles;

namespace MlComponents.MLNet;

/// <summary>Rows in a temporary file, as the bytes of their tensors, in blocks that can be read in any order. It is gone when this is disposed, or the process ends in whatever way.</summary>
/// <remarks>It is read by <c>pread</c>: a mapped file would count as memory of the process.</remarks>
internal sealed class RowFile : IDisposable
{
    private const long SmallestBlock = 1 << 10;
    private const long LargestBlock = 1 << 18;
    private const long BlocksPerMemory = 1 << 13;   // more rows than the memory holds are in more blocks than that, so that the correlation of two random orders of blocks is about 0.01

    private readonly TrainingColumns columns;
    private readonly SafeFileHandle file;
    private RowCollector block;
    private long length;

    /// <summary>Takes over a file that is empty.</summary>
    /// <param name="file">The file.</param>
    /// <param name="columns">The rows' columns.</param>
    /// <param name="memory">The memory that rows may take in bytes, by which the blocks are sized.</param>
    public RowFile(SafeFileHandle file, TrainingColumns columns, long memory)
    {
        (this.file, this.columns) = (file, columns);
        BlockRows = Math.Max(1, Math.Clamp(memory / BlocksPerMemory, SmallestBlock, LargestBlock) / columns.RowBytes);
        block = new(columns, BlockRows);
    }

    /// <summary>Rows per block; the last one may have fewer.</summary>
    public long BlockRows { get; }

    /// <summary>Rows in the file.</summary>
    public long Count { get; private set; }

    /// <summary>Blocks in the file.</summary>
    public long Blocks => (Count + BlockRows - 1) / BlockRows;

    /// <summary>Creates a file.</summary>
    /// <param name="folder">Where.</param>
    /// <param name="columns">The rows' columns.</param>
    /// <param name="memory">The memory that rows may take in bytes.</param>
    /// <exception cref="RowFileException">It can't be created.</exception>
    public static RowFile Create(string folder, TrainingColumns columns, long memory)
    {
        var path = Path.Combine(folder, $"mlcomponents-rows-{Guid.NewGuid():n}.tmp");
        return Try(() =>
        {
            var file = File.OpenHandle(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.Delete, FileOptions.DeleteOnClose | FileOptions.RandomAccess);
            if (!OperatingSystem.IsWindows())
                File.Delete(path);   // a file without a name lives until it is closed, and no longer than the process
            return new RowFile(file, columns, memory);
        });
    }

    /// <summary>Room for the features of the next row, which <see cref="Add"/> adds.</summary>
    public Span<float> Next() => block.Next();

    /// <exception cref="RowFileException">The file can't be written.</exception>
    public void Add(double label, float weight)
    {
        block.Add(label, weight);
        if (block.Count == BlockRows)
            Flush();
    }

    /// <summary>Writes what is left, after the last row.</summary>
    /// <exception cref="RowFileException">The file can't be written.</exception>
    public void Complete()
    {
        if (block.Count > 0)
            Flush();
    }

    /// <summary>Reads rows, several blocks at a time: a disk answers many questions as fast as one.</summary>
    /// <param name="blocks">Numbers of the blocks, in the order that the rows are to have.</param>
    /// <exception cref="InvalidDataException">The file is shorter than it was.</exception>
    public Batch Read(IReadOnlyList<long> blocks)
    {
        using var scope = NewDisposeScope();

        var starts = new long[blocks.Count + 1];
        for (var i = 0; i < blocks.Count; i++)
            starts[i + 1] = starts[i] + RowsOf(blocks[i]);
        var tensors = columns.Shapes.ToDictionary(pair => pair.Key, pair => empty([starts[^1], .. pair.Value], columns.TypeOf(pair.Key)));
        try
        {
            Parallel.For(0, blocks.Count, i => Read(blocks[i], tensors.Values, starts[i]));
        }
        catch (AggregateException e)
        {
            ExceptionDispatchInfo.Throw(e.InnerExceptions[0]);
        }
        return new(tensors);
    }

    public void Dispose()
    {
        block.Dispose();
        file.Dispose();
    }

    private long RowsOf(long number) => Math.Min(BlockRows, Count - number * BlockRows);

    private void Read(long number, IEnumerable<Tensor> tensors, long start)
    {
        var (rows, offset) = (RowsOf(number), number * BlockRows * columns.RowBytes);
        foreach (var tensor in tensors)
        {
            using var part = tensor.narrow(0, start, rows);
            var bytes = part.bytes;
            Read(bytes, offset);
            offset += bytes.Length;
        }
    }

    private void Read(Span<byte> bytes, long offset)
    {
        while (bytes.Length > 0)
        {
            var read = RandomAccess.Read(file, bytes, offset);
            if (read == 0)
                throw new InvalidDataException($"The temporary file of the rows ends at {offset} bytes, but {length} were written: something has cut it.");
            bytes = bytes[read..];
            offset += read;
        }
    }

    private void Flush()
    {
        using (block)
        using (var rows = block.ToBatch())
        {
            foreach (var name in columns.Shapes.Keys)
            {
                var bytes = rows[name].bytes;
                Write(bytes);
                length += bytes.Length;
            }
            Count += rows.Count;
        }
        block = new(columns, BlockRows);
    }

    private void Write(ReadOnlySpan<byte> bytes)
    {
        try
        {
            RandomAccess.Write(file, bytes, length);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Failed(e);
        }
    }

    private static RowFile Try(Func<RowFile> create)
    {
        try
        {
            return create();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Failed(e);
        }
    }

    private static RowFileException Failed(Exception e) => new($"The temporary file of the rows can't be written: {e.Message}", e);
}
