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

    /// <summary>Memory for so many rows.</summary>
    public Batch Allocate(long count)
    {
        using var scope = NewDisposeScope();
        return new(columns.Shapes.Select(pair => KeyValuePair.Create(pair.Key, empty([count, .. pair.Value], columns.TypeOf(pair.Key)))));
    }

    /// <summary>Reads rows into new memory.</summary>
    /// <inheritdoc cref="Read(IReadOnlyList{BlockPart}, Batch)"/>
    public Batch Read(IReadOnlyList<BlockPart> parts)
    {
        var rows = Allocate(parts.Sum(part => part.Rows));
        try
        {
            Read(parts, rows);
            return rows;
        }
        catch
        {
            rows.Dispose();
            throw;
        }
    }

    /// <summary>Reads rows, several parts of blocks at a time: a disk answers many questions as fast as one.</summary>
    /// <param name="parts">What is read, in the order that the rows are to have.</param>
    /// <param name="memory">From whose first row on they are written.</param>
    /// <exception cref="InvalidDataException">The file is shorter than it was.</exception>
    public void Read(IReadOnlyList<BlockPart> parts, Batch memory)
    {
        var starts = new long[parts.Count + 1];
        for (var i = 0; i < parts.Count; i++)
            starts[i + 1] = starts[i] + parts[i].Rows;
        var tensors = columns.Shapes.Keys.Select(name => memory[name]).ToArray();
        try
        {
            Parallel.For(0, parts.Count, i => Read(parts[i], tensors, starts[i]));
        }
        catch (AggregateException e)
        {
            ExceptionDispatchInfo.Throw(e.InnerExceptions[0]);
        }
    }

    /// <summary>All rows of a block.</summary>
    /// <param name="number">The block's number.</param>
    public BlockPart Block(long number) => new(number, 0, Math.Min(BlockRows, Count - number * BlockRows));

    public void Dispose()
    {
        block.Dispose();
        file.Dispose();
    }

    private void Read(BlockPart part, Tensor[] tensors, long start)
    {
        var (offset, rows) = (part.Block * BlockRows * columns.RowBytes, Block(part.Block).Rows);   // of the block, which has all rows of one tensor after those of another
        foreach (var tensor in tensors)
        {
            using var into = tensor.narrow(0, start, part.Rows);
            var bytes = into.bytes;
            var rowBytes = bytes.Length / part.Rows;
            Read(bytes, offset + part.Start * rowBytes);
            offset += rows * rowBytes;
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
