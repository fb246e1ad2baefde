using System.Globalization;
using System.Reflection;

namespace MlComponents.MLNet.Tests.Transforms;

/// <summary>The values of a column of any type as text, one per row.</summary>
internal static class ColumnText
{
    public static string[] Of(IDataView view, string name)
    {
        var column = view.Schema[name];
        var values = new List<string>();
        using var cursor = view.GetRowCursor([column]);
        var read = (Func<string>)typeof(ColumnText).GetMethod(column.Type is VectorDataViewType ? nameof(Vector) : nameof(Scalar), BindingFlags.NonPublic | BindingFlags.Static)!
            .MakeGenericMethod(column.Type.ItemType().RawType).Invoke(null, [cursor, column])!;
        while (cursor.MoveNext())
            values.Add(read());
        return [.. values];
    }

    private static Func<string> Scalar<T>(DataViewRow row, DataViewSchema.Column column)
    {
        var getter = row.GetGetter<T>(column);
        var value = default(T)!;
        return () =>
        {
            getter(ref value);
            return Convert.ToString(value, CultureInfo.InvariantCulture)!;
        };
    }

    private static Func<string> Vector<T>(DataViewRow row, DataViewSchema.Column column)
    {
        var getter = row.GetGetter<VBuffer<T>>(column);
        var value = default(VBuffer<T>);
        return () =>
        {
            getter(ref value);
            return string.Join(",", value.DenseValues().Select(number => Convert.ToString(number, CultureInfo.InvariantCulture)));
        };
    }
}
