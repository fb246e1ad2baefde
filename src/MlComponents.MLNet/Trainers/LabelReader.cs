using System.Numerics;

namespace MlComponents.MLNet;

/// <summary>Reads labels of all types as numbers: 0 or 1 for a bool, from 0 for a key, NaN where it is missing.</summary>
internal static class LabelReader
{
    public static Func<double> Of(DataViewRow row, DataViewSchema.Column label) => label.Type switch
    {
        BooleanDataViewType => Bool(row.GetGetter<bool>(label)),
        KeyDataViewType key when key.RawType == typeof(byte) => Key(row.GetGetter<byte>(label), key.Count),
        KeyDataViewType key when key.RawType == typeof(ushort) => Key(row.GetGetter<ushort>(label), key.Count),
        KeyDataViewType key when key.RawType == typeof(uint) => Key(row.GetGetter<uint>(label), key.Count),
        KeyDataViewType key => Key(row.GetGetter<ulong>(label), key.Count),
        _ => Number(row.GetGetter<float>(label)),
    };

    private static Func<double> Bool(ValueGetter<bool> getter) => () =>
    {
        var value = false;
        getter(ref value);
        return value ? 1 : 0;
    };

    private static Func<double> Number(ValueGetter<float> getter) => () =>
    {
        var value = 0f;
        getter(ref value);
        return value;
    };

    // A key counts from 1; 0 is a missing one.
    private static Func<double> Key<T>(ValueGetter<T> getter, ulong count) where T : struct, IBinaryInteger<T> => () =>
    {
        var value = default(T);
        getter(ref value);
        var key = ulong.CreateChecked(value);
        return key == 0 || key > count ? double.NaN : key - 1;
    };
}
