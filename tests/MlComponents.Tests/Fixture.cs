using System.Text.Json;

namespace MlComponents.Tests;

/// <summary>What PyTorch computed, from tests/fixtures/maths.json, which maths.py beside it writes.</summary>
internal static class Fixture
{
    private static readonly JsonElement Maths = JsonDocument.Parse(File.ReadAllText(Path.Combine(Repository.Root, "tests", "fixtures", "maths.json"))).RootElement;

    /// <summary>The cases of a part, e.g. <c>losses</c>.</summary>
    public static IReadOnlyList<JsonElement> Cases(string part) => [.. Maths.GetProperty(part).EnumerateArray()];

    /// <summary>A tensor of a case, with the dtype, shape and exact values that PyTorch had.</summary>
    public static Tensor Tensor(this JsonElement element, string key)
    {
        var packed = element.GetProperty(key);
        var dtype = Enum.Parse<ScalarType>(packed.GetProperty("dtype").GetString()!, ignoreCase: true);
        var shape = packed.GetProperty("shape").Deserialize<long[]>()!;
        var values = packed.GetProperty("values");
        return dtype == ScalarType.Int64
            ? tensor(values.Deserialize<long[]>()!, shape)
            : tensor(values.Deserialize<double[]>()!, shape, dtype);
    }

    /// <summary>The tensors of a case by name.</summary>
    public static Dictionary<string, Tensor> Tensors(this JsonElement element, string key) =>
        element.GetProperty(key).EnumerateObject().ToDictionary(property => property.Name, property => element.GetProperty(key).Tensor(property.Name));

    /// <summary>The component that a case describes.</summary>
    public static T Component<T>(this JsonElement element, string key) where T : ComponentDefinition =>
        ComponentJson.Read<T>(element.GetProperty(key).GetRawText());

    /// <summary>Closeness promised to users: 1e-5 in float32, 1e-10 in float64, absolute and relative.</summary>
    public static double Tolerance(Tensor x) => x.dtype == ScalarType.Float64 ? 1e-10 : 1e-5;
}
