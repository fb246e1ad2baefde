using System.Runtime.CompilerServices;

namespace MlComponents.MLNet;

/// <summary>A tensor that grows by rows: one block where their number is known, else blocks that become twice as large up to a limit.</summary>
/// <remarks>Its blocks belong to the caller's dispose scope.</remarks>
internal sealed unsafe class GrowingTensor(ScalarType type, long[] rowShape, long? expectedRows)
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

    /// <summary>All rows, [Count, ...], contiguous.</summary>
    public Tensor ToTensor()
    {
        var last = blocks[^1].narrow(0, 0, used);
        return blocks.Count == 1 ? last : cat([.. blocks.SkipLast(1), last]);
    }

    private void Grow(long rowBytes)
    {
        full += used;
        used = 0;
        capacity = blocks.Count == 0 && expectedRows is > 0 and var rows
            ? rows
            : Math.Max(1, Math.Clamp(full * rowBytes, FirstBlockBytes, LargestBlockBytes) / rowBytes);
        blocks.Add(empty([capacity, .. rowShape], type));
        using var first = blocks[^1].narrow(0, 0, 1);   // a span of all bytes ends at 2 GB
        block = (byte*)Unsafe.AsPointer(ref first.bytes[0]);
    }
}
