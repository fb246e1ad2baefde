using System.Text.Json;

namespace MlComponents.Tests.Weights;

/// <summary>The files that PyTorch wrote: tests/fixtures/weights, described by weights.json.</summary>
internal static class WeightFixtures
{
    /// <summary>Paths of all files whose names end so.</summary>
    public static IEnumerable<string> Paths(string ending) => Directory.EnumerateFiles(Path("."), $"*{ending}").Order(StringComparer.Ordinal);

    /// <summary>Path of a file.</summary>
    public static string Path(string file) => System.IO.Path.Combine(Repository.Root, "tests", "fixtures", "weights", file);

    /// <summary>Asserts that tensors have the names, types, shapes and bytes that PyTorch had.</summary>
    public static void AssertEqual(JsonElement expected, IReadOnlyDictionary<string, Tensor> actual, string file)
    {
        CollectionAssert.AreEquivalent(expected.EnumerateObject().Select(property => property.Name).ToList(), actual.Keys.ToList(), file);
        foreach (var property in expected.EnumerateObject())
        {
            var (what, tensor) = ($"{file}: {property.Name}", actual[property.Name]);
            Assert.AreEqual(property.Value.GetProperty("dtype").GetString(), NameOf(tensor.dtype), what);
            CollectionAssert.AreEqual(property.Value.GetProperty("shape").Deserialize<long[]>(), tensor.shape, what);
            Assert.AreEqual(property.Value.GetProperty("bits").GetString(), Bits(tensor), what);
        }
    }

    /// <summary>A tensor's values in row-major order as hexadecimal digits.</summary>
    public static string Bits(Tensor tensor) => Convert.ToHexStringLower(tensor.contiguous().bytes);

    private static string NameOf(ScalarType type) => type switch
    {
        ScalarType.Byte => "uint8",
        ScalarType.ComplexFloat32 => "complex64",
        ScalarType.ComplexFloat64 => "complex128",
        _ => type.ToString().ToLowerInvariant(),
    };
}
