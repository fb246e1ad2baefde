using System.Runtime.CompilerServices;

namespace MlComponents.MLNet;

/// <summary>A tensor that grows by rows: one block where their number is known, else blocks that become twice as large up to a limit.</summary>
/// <remarks>It owns its blocks, which belong to no dispose scope.</remarks>
internal sealed unsafe class GrowingTensor(ScalarType type, long[] rowShape, long? expectedRows) : IDisposable
{
    private const long FirstBlockBytes = 1 << 20;
    private const long LargestBlockBytes = 1 << 28;

    private readonly List<Tensor> blocks = [];
    private readonly int rowLength = checked((int)rowShape.Aggregate(1L, (product, size) => product * size));
    private byte* block;
    private long capacity;
    private long used;
    private long full;

    /// <summary>Rows added.</summary>
    public long Count => full + used;

    /// <summary>Room for the next row, which <see cref="Add()"/> adds.</summary>
    public Span<T> Next<T>() where T : unmanaged
    {
        if (used == capacity)
            Grow(rowLength * (long)sizeof(T));
        return new Span<T>(block + used * rowLength * sizeof(T), rowLength);
    }

    public void Add() => used++;

    public void Add<T>(T value) where T : unmanaged
    {
        Next<T>()[0] = value;
        Add();
    }

    /// <summary>All rows, [Count, ...], contiguous; there must be at least one. The blocks are freed as they are copied, so that it takes little more than the rows themselves.</summary>
    public Tensor ToTensor()
    {
        using var scope = NewDisposeScope();

        if (blocks.Count == 1)
            return blocks[0].narrow(0, 0, used).MoveToOuterDisposeScope();
        var all = empty([Count, .. rowShape], type);
        var start = 0L;
        foreach (var block in blocks)
        {
            var rows = Math.Min(block.shape[0], Count - start);
            all.narrow(0, start, rows).copy_(block.narrow(0, 0, rows));
            start += rows;
            block.Dispose();
        }
        return all.MoveToOuterDisposeScope();
    }

    public void Dispose() => blocks.ForEach(block => block.Dispose());

    private void Grow(long rowBytes)
    {
        full += used;
        used = 0;
        capacity = blocks.Count == 0 && expectedRows is > 0 and var rows
            ? rows
            : Math.Max(1, Math.Clamp(full * rowBytes, FirstBlockBytes, LargestBlockBytes) / rowBytes);
        blocks.Add(empty([capacity, .. rowShape], type).DetachFromDisposeScope());
        using var first = blocks[^1].narrow(0, 0, 1);   // a span of all bytes ends at 2 GB
        block = (byte*)Unsafe.AsPointer(ref first.bytes[0]);
    }
}
