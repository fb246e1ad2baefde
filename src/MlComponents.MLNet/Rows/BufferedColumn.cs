namespace MlComponents.MLNet;

/// <summary>The values of one column of some rows, read ahead and given out again.</summary>
internal abstract class BufferedColumn
{
    /// <summary>Copies the current row's value of the source.</summary>
    public abstract void Read(int index);

    /// <summary>A <c>ValueGetter</c> that gives the value at the current index.</summary>
    public abstract Delegate Getter(Func<int> current);

    public static BufferedColumn Of(DataViewRow row, DataViewSchema.Column column, int capacity)
    {
        var buffer = column.Type is VectorDataViewType vector
            ? typeof(Vector<>).MakeGenericType(vector.ItemType.RawType)
            : typeof(Scalar<>).MakeGenericType(column.Type.RawType);
        return (BufferedColumn)Activator.CreateInstance(buffer, row, column, capacity)!;
    }

    private sealed class Scalar<T>(DataViewRow row, DataViewSchema.Column column, int capacity) : BufferedColumn
    {
        private static readonly bool IsOwned = typeof(T).IsAssignableTo(typeof(IDisposable));
        private readonly ValueGetter<T> read = row.GetGetter<T>(column);
        private readonly T[] values = new T[capacity];

        public override void Read(int index)
        {
            if (IsOwned)
                values[index] = default!;   // whoever took an image has it still: the source would free it
            read(ref values[index]);
        }

        public override Delegate Getter(Func<int> current) => (ValueGetter<T>)((ref T value) => value = values[current()]);
    }

    private sealed class Vector<T>(DataViewRow row, DataViewSchema.Column column, int capacity) : BufferedColumn
    {
        private readonly ValueGetter<VBuffer<T>> read = row.GetGetter<VBuffer<T>>(column);
        private readonly VBuffer<T>[] values = new VBuffer<T>[capacity];

        public override void Read(int index) => read(ref values[index]);

        public override Delegate Getter(Func<int> current) => (ValueGetter<VBuffer<T>>)((ref VBuffer<T> value) => values[current()].CopyTo(ref value));
    }
}
