using System.Runtime.InteropServices;

namespace MlComponents.MLNet;

/// <summary>A computed column of some rows.</summary>
internal abstract class ResultColumn
{
    /// <param name="spec">Type and shape of one row, which a column can have.</param>
    /// <param name="capacity">Rows that it can hold.</param>
    public static ResultColumn Of(TensorSpec spec, int capacity)
    {
        var item = ColumnTypes.ItemOf(spec.DType)!.RawType;
        return (ResultColumn)Activator.CreateInstance(typeof(Plain<>).MakeGenericType(item), spec, capacity)!;
    }

    /// <summary>Takes the rows of a tensor, [N, ...].</summary>
    public abstract void Set(Tensor rows);

    /// <summary>A <c>ValueGetter</c> that gives the value at the current index.</summary>
    public abstract Delegate Getter(Func<int> current);

    private sealed class Plain<T>(TensorSpec spec, int capacity) : ResultColumn where T : struct
    {
        private readonly int width = checked((int)spec.Count);
        private readonly T[] values = new T[checked(capacity * (int)spec.Count)];

        public override void Set(Tensor rows)
        {
            using var scope = NewDisposeScope();
            MemoryMarshal.Cast<byte, T>(rows.cpu().contiguous().bytes).CopyTo(values);
        }

        public override Delegate Getter(Func<int> current) => spec.Shape.Count == 0
            ? (ValueGetter<T>)((ref T value) => value = values[current()])
            : (ValueGetter<VBuffer<T>>)((ref VBuffer<T> value) =>
            {
                var row = values.AsSpan(current() * width, width);
                var editor = VBufferEditor.Create(ref value, width);
                row.CopyTo(editor.Values);
                value = editor.Commit();
            });
    }
}
