using System.Collections.Concurrent;
using System.Text.Json;

namespace MlComponents.Tests;

/// <summary>What PyTorch computed: the files tests/fixtures/NAME.json, each written by the script NAME.py beside it.</summary>
internal static class Fixture
{
    private static readonly ConcurrentDictionary<string, JsonElement> Files = [];

    // The writer puts what JSON has no number for into strings.
    private static readonly JsonSerializerOptions Json = new() { NumberHandling = System.Text.Json.Serialization.JsonNumberHandling.AllowNamedFloatingPointLiterals };

    /// <summary>The cases of a part of a file, e.g. <c>losses</c> of <c>maths</c>.</summary>
    public static IReadOnlyList<JsonElement> Cases(string file, string part) => [.. Load(file).GetProperty(part).EnumerateArray()];

    /// <summary>A whole file.</summary>
    public static JsonElement Load(string file) => Files.GetOrAdd(file, static name =>
        JsonDocument.Parse(File.ReadAllText(Path.Combine(Repository.Root, "tests", "fixtures", $"{name}.json"))).RootElement);

    /// <summary>A tensor of a case, with the dtype, shape and exact values that PyTorch had.</summary>
    public static Tensor Tensor(this JsonElement element, string key)
    {
        var packed = element.GetProperty(key);
        var dtype = DType(packed.GetProperty("dtype").GetString()!);
        var shape = packed.GetProperty("shape").Deserialize<long[]>()!;
        var values = packed.GetProperty("values");
        return dtype switch
        {
            ScalarType.Bool => tensor(values.Deserialize<bool[]>()!, shape),
            ScalarType.Byte or ScalarType.Int8 or ScalarType.Int16 or ScalarType.Int32 or ScalarType.Int64 => tensor(values.Deserialize<long[]>()!, shape, dtype),
            _ => tensor(values.Deserialize<double[]>(Json)!, shape, dtype),
        };
    }

    /// <summary>The tensors of a case by name.</summary>
    public static Dictionary<string, Tensor> Tensors(this JsonElement element, string key) =>
        element.GetProperty(key).EnumerateObject().ToDictionary(property => property.Name, property => element.GetProperty(key).Tensor(property.Name));

    /// <summary>The component that a case describes.</summary>
    public static T Component<T>(this JsonElement element, string key) where T : ComponentDefinition =>
        ComponentJson.Read<T>(element.GetProperty(key).GetRawText());

    /// <summary>Closeness promised to users: 1e-5 in float32, 1e-10 in float64, absolute and relative.</summary>
    public static double Tolerance(Tensor x) => x.dtype == ScalarType.Float64 ? 1e-10 : 1e-5;

    private static ScalarType DType(string torchName) => torchName == "uint8" ? ScalarType.Byte : Enum.Parse<ScalarType>(torchName, ignoreCase: true);
}
