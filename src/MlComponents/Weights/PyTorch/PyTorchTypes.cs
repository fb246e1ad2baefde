namespace MlComponents;

/// <summary>The names that PyTorch has for element types and storages.</summary>
internal static class PyTorchTypes
{
    private static readonly (ScalarType Type, string Storage, string Name, int Bytes)[] Known =
    [
        (ScalarType.Float64, "DoubleStorage", "float64", 8), (ScalarType.Float32, "FloatStorage", "float32", 4),
        (ScalarType.Float16, "HalfStorage", "float16", 2), (ScalarType.BFloat16, "BFloat16Storage", "bfloat16", 2),
        (ScalarType.Int64, "LongStorage", "int64", 8), (ScalarType.Int32, "IntStorage", "int32", 4), (ScalarType.Int16, "ShortStorage", "int16", 2),
        (ScalarType.Int8, "CharStorage", "int8", 1), (ScalarType.Byte, "ByteStorage", "uint8", 1), (ScalarType.Bool, "BoolStorage", "bool", 1),
        (ScalarType.ComplexFloat32, "ComplexFloatStorage", "complex64", 8), (ScalarType.ComplexFloat64, "ComplexDoubleStorage", "complex128", 16),
    ];

    /// <summary>Element types of PyTorch that TorchSharp hasn't; a file may name them, but no tensor of theirs can be read.</summary>
    private static readonly string[] Others =
    [
        "complex32", "uint16", "uint32", "uint64", "float8_e4m3fn", "float8_e4m3fnuz", "float8_e5m2", "float8_e5m2fnuz", "float8_e8m0fnu",
        "float4_e2m1fn_x2", "qint8", "quint8", "qint32", "quint4x2", "quint2x4",
    ];

    /// <summary>Bytes of an element.</summary>
    public static int SizeOf(ScalarType type) => Array.Find(Known, known => known.Type == type).Bytes;

    /// <summary>What PyTorch calls the storage of a type.</summary>
    /// <exception cref="ArgumentException">It has none that could be read back.</exception>
    public static string StorageOf(string tensor, ScalarType type) => Array.Find(Known, known => known.Type == type).Storage
        ?? throw new ArgumentException($"The tensor '{tensor}' is {type}, which can't be written; files hold {Names}. Convert it first.");

    /// <summary>The type of a storage such as FloatStorage; null where there is none.</summary>
    public static ScalarType? OfStorage(string storage) => Type(Array.Find(Known, known => known.Storage == storage));

    /// <summary>The type of a name such as float32; null where TorchSharp has none.</summary>
    public static ScalarType? OfName(string name) => Type(Array.Find(Known, known => known.Name == name));

    /// <summary>Whether PyTorch has a type of this name.</summary>
    public static bool IsName(string name) => OfName(name) is not null || Others.Contains(name);

    /// <summary>The types that can be read and written.</summary>
    public static string Names { get; } = string.Join(", ", Known.Select(known => known.Name));

    private static ScalarType? Type((ScalarType Type, string? Storage, string Name, int Bytes) known) => known.Storage is null ? null : known.Type;
}
