namespace MlComponents;

/// <summary>The names that the safetensors format has for element types.</summary>
internal static class SafetensorsTypes
{
    private static readonly (string Name, ScalarType Type, int Bytes)[] Known =
    [
        ("BOOL", ScalarType.Bool, 1), ("U8", ScalarType.Byte, 1), ("I8", ScalarType.Int8, 1), ("I16", ScalarType.Int16, 2), ("I32", ScalarType.Int32, 4),
        ("I64", ScalarType.Int64, 8), ("F16", ScalarType.Float16, 2), ("BF16", ScalarType.BFloat16, 2), ("F32", ScalarType.Float32, 4),
        ("F64", ScalarType.Float64, 8), ("C64", ScalarType.ComplexFloat32, 8),
    ];

    /// <exception cref="ArgumentException">The format has no name for the type.</exception>
    public static string NameOf(string tensor, ScalarType type) => Array.Find(Known, known => known.Type == type).Name
        ?? throw new ArgumentException($"The tensor '{tensor}' is {type}, which safetensors files can't hold; they hold {Names}. Convert it first.");

    /// <exception cref="InvalidDataException">There is no such type here.</exception>
    public static (ScalarType Type, int Bytes) Find(string tensor, string name)
    {
        var known = Array.Find(Known, known => known.Name == name);
        return known.Name is null
            ? throw new InvalidDataException($"The tensor '{tensor}' has the type '{name}', which isn't known here; known are {Names}.")
            : (known.Type, known.Bytes);
    }

    private static string Names => string.Join(", ", Known.Select(known => known.Name));
}
