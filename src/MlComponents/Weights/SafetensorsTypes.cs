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

    /// <summary>Types of the format that TorchSharp can't hold.</summary>
    private static readonly string[] Others = ["U16", "U32", "U64", "F8_E4M3", "F8_E5M2", "F8_E8M0", "F8_E4M3FNUZ", "F8_E5M2FNUZ", "F4", "F6_E2M3", "F6_E3M2"];

    /// <exception cref="ArgumentException">The format has no name for the type.</exception>
    public static string NameOf(string tensor, ScalarType type) => Array.Find(Known, known => known.Type == type).Name
        ?? throw new ArgumentException($"The tensor '{tensor}' is {type}, which safetensors files can't hold; they hold {Names}. Convert it first.");

    /// <exception cref="InvalidDataException">There is no such type here.</exception>
    public static (ScalarType Type, int Bytes) Find(string tensor, string name)
    {
        var known = Array.Find(Known, known => known.Name == name);
        if (known.Name is not null)
            return (known.Type, known.Bytes);

        var why = Others.Contains(name) ? "which TorchSharp has no element type for" : "which isn't known here";
        throw new InvalidDataException($"The tensor '{Shown.Text(tensor)}' has the type '{Shown.Text(name)}', {why}; known are {Names}.");
    }

    private static string Names => string.Join(", ", Known.Select(known => known.Name));
}
