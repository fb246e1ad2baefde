using System.Text.Json;

namespace MlComponents.Tests.Tensors;

/// <summary>Operations on batches against what PyTorch computed row by row.</summary>
[TestClass]
public sealed class OperationParityTests
{
    [TestMethod]
    [DataRow("simple", 110)]
    [DataRow("reductions", 183)]
    [DataRow("einsums", 122)]
    public void ApplyAndBackward_OfPyTorchsCases_EqualPyTorch(string part, int cases)
    {
        var found = Fixture.Cases("operations", part);

        Assert.HasCount(cases, found);
        foreach (var @case in found)
            Check(@case.Component<OperationDefinition>("operation"), [.. AllPacked(@case.GetProperty("inputs"))], @case, "gradients");
    }

    [TestMethod]
    public void ApplyAndBackward_OfPyTorchsIndices_EqualPyTorch()
    {
        var found = Fixture.Cases("operations", "indices");

        Assert.HasCount(200, found);
        foreach (var @case in found)
        {
            using var scope = NewDisposeScope();
            var output = @case.Tensor("output");
            var shape = @case.GetProperty("shape").Deserialize<long[]>()!;
            var source = Count(from: 0, [output.shape[0], .. shape]);

            Check(new Indexing { Index = @case.GetProperty("index").GetString()! }, [source, .. AllPacked(@case.GetProperty("columns"))], @case, "gradient");
        }
    }

    /// <summary>The inferred and the real result are PyTorch's, and so is the gradient of Σ i·yᵢ, where i counts the result's numbers from 1.</summary>
    private static void Check(OperationDefinition operation, Tensor[] inputs, JsonElement @case, string gradients)
    {
        using var scope = NewDisposeScope();
        var expected = @case.Tensor("output");
        inputs = [.. inputs.Select(input => is_floating_point(input) ? input.clone().requires_grad_() : input)];

        var inferred = operation.Infer([.. inputs.Select(input => new TensorSpec(input.dtype, input.shape[1..]))]);
        var actual = operation.Apply(inputs);

        Assert.AreEqual($"{expected.dtype} [{string.Join(", ", expected.shape[1..])}]", inferred.ToString(), operation.ToString());
        Assert.AreEqual(expected.dtype, actual.dtype, operation.ToString());
        CollectionAssert.AreEqual(expected.shape, actual.shape, operation.ToString());
        AreSame(expected, actual, operation.ToString());
        if (!@case.TryGetProperty(gradients, out var packed))
            return;

        (actual * Count(from: 1, actual.shape).to(actual.dtype)).sum().backward();
        var each = packed.ValueKind == JsonValueKind.Array ? [.. packed.EnumerateArray()] : new[] { packed };
        for (var i = 0; i < each.Length; i++)
            if (each[i].ValueKind != JsonValueKind.Null)
                AreSame(Packed(each[i]), inputs[i].grad ?? zeros_like(inputs[i]), $"gradient {i} of {operation}");
    }

    /// <summary>Close, and NaN and infinite where PyTorch's is.</summary>
    private static void AreSame(Tensor expected, Tensor actual, string what)
    {
        var tolerance = Fixture.Tolerance(expected);
        Assert.IsTrue(allclose(actual.detach().to(ScalarType.Float64), expected.to(ScalarType.Float64), tolerance, tolerance, equal_nan: true),
            $"{what}: {actual.detach().str()} instead of {expected.str()}");
    }

    private static Tensor Count(int from, long[] shape) => (arange(shape.Aggregate(1L, (product, size) => product * size), ScalarType.Float64) + from).view(shape);

    private static IEnumerable<Tensor> AllPacked(JsonElement list) => list.EnumerateArray().Select(Packed);

    private static Tensor Packed(JsonElement packed) => JsonSerializer.SerializeToElement(new { packed }).Tensor("packed");
}
