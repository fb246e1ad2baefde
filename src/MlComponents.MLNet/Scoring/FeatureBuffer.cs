using System.Runtime.CompilerServices;

namespace MlComponents.MLNet;

/// <summary>Features of some rows in one tensor on the CPU, copied straight from a cursor's column.</summary>
internal sealed unsafe class FeatureBuffer : IDisposable
{
    private readonly Tensor rows;
    private readonly float* first;
    private readonly int width;
    private readonly ValueGetter<VBuffer<float>> getter;
    private VBuffer<float> features;

    /// <param name="row">The row or cursor to read.</param>
    /// <param name="column">Its feature column.</param>
    /// <param name="capacity">Rows that it can hold.</param>
    /// <param name="shape">Shape of one row for the network.</param>
    public FeatureBuffer(DataViewRow row, DataViewSchema.Column column, int capacity, long[] shape)
    {
        rows = empty([capacity, .. shape], ScalarType.Float32).DetachFromDisposeScope();
        width = checked((int)(rows.numel() / capacity));
        using var one = rows.narrow(0, 0, 1);   // a span of all bytes ends at 2 GB
        first = (float*)Unsafe.AsPointer(ref one.bytes[0]);
        getter = row.GetGetter<VBuffer<float>>(column);
    }

    /// <summary>Copies the current row of the cursor.</summary>
    public void Read(int index)
    {
        getter(ref features);
        if (features.Length != width)
            throw new InvalidDataException($"A row has {features.Length} features, but its column is said to have {width}.");
        features.CopyTo(new Span<float>(first + (long)index * width, width));
    }

    /// <summary>The first rows, [count, ...], in the caller's dispose scope.</summary>
    public Tensor Take(int count) => rows.narrow(0, 0, count);

    public void Dispose() => rows.Dispose();
}
