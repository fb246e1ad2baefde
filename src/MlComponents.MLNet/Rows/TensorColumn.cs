using System.Numerics;
using System.Runtime.CompilerServices;

namespace MlComponents.MLNet;

/// <summary>Values of one column of some rows in one tensor on the CPU, copied straight from a row or cursor.</summary>
internal abstract unsafe class TensorColumn : IDisposable
{
    private readonly Tensor rows;
    private readonly byte* first;
    private readonly int width;

    private TensorColumn(TensorSpec spec, int capacity)
    {
        rows = empty([capacity, .. spec.Shape], spec.DType).DetachFromDisposeScope();
        width = checked((int)spec.Count);
        using var one = rows.narrow(0, 0, 1);   // a span of all bytes ends at 2 GB
        first = (byte*)Unsafe.AsPointer(ref one.bytes[0]);
    }

    private delegate void RowReader<T>(Span<T> row);

    /// <summary>A buffer for a column that <see cref="ColumnTypes.SpecOf"/> has a type for.</summary>
    /// <param name="row">The row or cursor to read.</param>
    /// <param name="column">Its column.</param>
    /// <param name="capacity">Rows that it can hold.</param>
    /// <param name="shape">Shape of one row, of as many numbers as the column's own; null: that.</param>
    public static TensorColumn Of(DataViewRow row, DataViewSchema.Column column, int capacity, IReadOnlyList<long>? shape = null)
    {
        var spec = ColumnTypes.SpecOf(column.Type)!;
        var item = column.Type.ItemType();
        var buffer = ColumnTypes.IsWidened(item) ? typeof(Widened<>) : typeof(Plain<>);
        return (TensorColumn)Activator.CreateInstance(buffer.MakeGenericType(item.RawType), row, column, capacity, spec with { Shape = shape ?? spec.Shape })!;
    }

    /// <summary>Copies the row's or cursor's current value.</summary>
    public abstract void Read(int index);

    /// <summary>The first rows, [count, ...], in the caller's dispose scope.</summary>
    public Tensor Take(int count) => rows.narrow(0, 0, count);

    public void Dispose() => rows.Dispose();

    private Span<T> Row<T>(int index) where T : unmanaged => new((T*)first + (long)index * width, width);

    /// <summary>Copies a scalar, or a vector, dense or sparse.</summary>
    private static RowReader<T> Reader<T>(DataViewRow row, DataViewSchema.Column column)
    {
        if (column.Type is not VectorDataViewType)
        {
            var scalar = row.GetGetter<T>(column);
            return values => scalar(ref values[0]);
        }

        var vector = row.GetGetter<VBuffer<T>>(column);
        var buffer = default(VBuffer<T>);
        return values =>
        {
            vector(ref buffer);
            if (buffer.Length != values.Length)
                throw new InvalidDataException($"A row has {buffer.Length} values in the column '{column.Name}', which is said to be {column.Type}.");
            buffer.CopyTo(values);
        };
    }

    /// <summary>Values that the tensor has as they are.</summary>
    private sealed class Plain<T>(DataViewRow row, DataViewSchema.Column column, int capacity, TensorSpec spec) : TensorColumn(spec, capacity)
        where T : unmanaged
    {
        private readonly RowReader<T> read = Reader<T>(row, column);

        public override void Read(int index) => read(Row<T>(index));
    }

    /// <summary>Keys and unsigned numbers as int64. A key counts from 1, its tensor from 0; a missing one is −1.</summary>
    private sealed class Widened<T>(DataViewRow row, DataViewSchema.Column column, int capacity, TensorSpec spec) : TensorColumn(spec, capacity)
        where T : unmanaged, IBinaryInteger<T>
    {
        private readonly RowReader<T> read = Reader<T>(row, column);
        private readonly ulong? keys = (column.Type.ItemType() as KeyDataViewType)?.Count;
        private readonly T[] values = new T[spec.Count];

        public override void Read(int index)
        {
            read(values);
            var target = Row<long>(index);
            for (var i = 0; i < target.Length; i++)
                target[i] = Widen(ulong.CreateChecked(values[i]));
        }

        private long Widen(ulong value) => keys is not { } count ? (long)value : value == 0 || value > count ? -1 : checked((long)(value - 1));
    }
}
