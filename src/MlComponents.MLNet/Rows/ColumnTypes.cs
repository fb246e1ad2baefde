namespace MlComponents.MLNet;

/// <summary>Which types of ML.NET's columns are which tensors.</summary>
internal static class ColumnTypes
{
    /// <summary>What a column may be, for messages.</summary>
    public const string Allowed = "Single, Double, SByte, Byte, Int16, UInt16, Int32, UInt32, Int64, Boolean or Key, or a vector of fixed size of one of them";

    /// <summary>What a column of numbers may be, for messages.</summary>
    public const string AllowedNumbers = "Single, Double, SByte, Byte, Int16, UInt16, Int32, UInt32 or Int64, or a vector of fixed size of one of them";

    private static readonly (PrimitiveDataViewType Type, ScalarType DType)[] Plain =
    [
        (NumberDataViewType.Single, ScalarType.Float32),
        (NumberDataViewType.Double, ScalarType.Float64),
        (NumberDataViewType.SByte, ScalarType.Int8),
        (NumberDataViewType.Byte, ScalarType.Byte),
        (NumberDataViewType.Int16, ScalarType.Int16),
        (NumberDataViewType.Int32, ScalarType.Int32),
        (NumberDataViewType.Int64, ScalarType.Int64),
        (BooleanDataViewType.Instance, ScalarType.Bool),
    ];

    /// <summary>The type of a scalar, or of a vector's elements.</summary>
    public static DataViewType ItemType(this DataViewType type) => type is VectorDataViewType vector ? vector.ItemType : type;

    /// <summary>Whether a type's values are int64 in a tensor, which has no such type: keys, counted from 0, and unsigned numbers of 16 and 32 bits.</summary>
    public static bool IsWidened(DataViewType item) => item is KeyDataViewType || item == NumberDataViewType.UInt16 || item == NumberDataViewType.UInt32;

    /// <summary>Whether a type of scalar or of a vector's elements is one of numbers that can be a tensor.</summary>
    public static bool IsNumber(DataViewType item) => item is NumberDataViewType && ElementOf(item) is not null;

    /// <summary>Element type of the tensor for a type of scalar or of a vector's elements; null for what can't be one.</summary>
    public static ScalarType? ElementOf(DataViewType item)
    {
        if (IsWidened(item))
            return ScalarType.Int64;
        var index = Array.FindIndex(Plain, pair => pair.Type == item);
        return index < 0 ? null : Plain[index].DType;
    }

    /// <summary>The tensor of one row of a column; null for what can't be one.</summary>
    public static TensorSpec? SpecOf(DataViewType type) => (ElementOf(type.ItemType()), type) switch
    {
        ({ } element, VectorDataViewType { IsKnownSize: true } vector) => new(element, [.. vector.Dimensions.Select(size => (long)size)]),
        ({ } element, PrimitiveDataViewType) => new(element, []),
        _ => null,
    };

    /// <summary>The column of scalars for a tensor's elements; null where ML.NET has none.</summary>
    public static PrimitiveDataViewType? ItemOf(ScalarType element) => Array.Find(Plain, pair => pair.DType == element).Type;
}
