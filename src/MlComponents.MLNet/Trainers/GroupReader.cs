namespace MlComponents.MLNet;

/// <summary>Reads the group of each row as a number: rows of equal values have the same one. Null where the value is missing.</summary>
internal static class GroupReader
{
    public static Func<int?> Of(DataViewRow row, DataViewSchema.Column group)
    {
        var numbered = typeof(Numbered<>).MakeGenericType(group.Type.RawType);
        return ((INumbered)Activator.CreateInstance(numbered, row, group)!).Read;
    }

    private interface INumbered
    {
        int? Read();
    }

    private sealed class Numbered<T>(DataViewRow row, DataViewSchema.Column group) : INumbered
    {
        private readonly ValueGetter<T> read = row.GetGetter<T>(group);
        private readonly bool isKey = group.Type is KeyDataViewType;
        private readonly Dictionary<object, int> numbers = [];
        private T value = default!;

        public int? Read()
        {
            read(ref value);
            object known = value is ReadOnlyMemory<char> text ? text.ToString() : value!;
            if (known is "" or double.NaN or float.NaN || isKey && EqualityComparer<T>.Default.Equals(value, default))   // a key of 0 is a missing one
                return null;
            if (!numbers.TryGetValue(known, out var number))
                numbers.Add(known, number = numbers.Count);
            return number;
        }
    }
}
