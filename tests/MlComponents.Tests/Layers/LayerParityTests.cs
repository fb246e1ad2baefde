using System.Text.Json;

namespace MlComponents.Tests.Layers;

[TestClass]
public sealed class LayerParityTests
{
    [TestMethod]
    [DataRow("batch-norm", 18)]
    [DataRow("frozen-batch-norm", 12)]
    [DataRow("layer-norm", 14)]
    [DataRow("instance-norm", 20)]
    [DataRow("group-norm", 14)]
    [DataRow("rms-norm", 14)]
    [DataRow("local-response-norm", 22)]
    [DataRow("none", 4)]
    public void ForwardAndBackward_OfNormalizations_EqualPyTorch(string name, int count) =>
        EqualsPyTorch("normalizations", name, count, backward: 1e-5, @case => @case.Component<NormalizationDefinition>("layer")
            .Create(@case.GetProperty("channels").GetInt64(), @case.GetProperty("dimensions").GetInt32()));

    [TestMethod]
    [DataRow("convolution", 60)]
    [DataRow("depthwise-convolution", 12)]
    [DataRow("pointwise-convolution", 10)]
    [DataRow("separable-convolution", 8)]
    [DataRow("transposed-convolution", 18)]
    public void ForwardAndBackward_OfConvolutions_EqualPyTorch(string name, int count) =>
        EqualsPyTorch("convolutions", name, count, backward: 1e-4, @case => @case.Component<LayerDefinition>("layer")
            .Create(@case.GetProperty("shape").Deserialize<long[]>()![1..]));

    [TestMethod]
    public void Create_AfterASeed_DrawsTheWeightsThatPyTorchDraws()
    {
        var cases = Fixture.Cases("layers", "initial");

        Assert.HasCount(6, cases);
        foreach (var @case in cases)
        {
            using var scope = NewDisposeScope();
            manual_seed(1);
            using var layer = @case.Component<LayerDefinition>("layer").Create(@case.GetProperty("shape").Deserialize<long[]>()!);

            AreClose(@case.Tensors("state"), layer.state_dict(), tolerance: 1e-6);
        }
    }

    private static void EqualsPyTorch(string part, string name, int count, double backward, Func<JsonElement, nn.Module<Tensor, Tensor>> create)
    {
        var cases = Fixture.Cases("layers", part).Where(@case => @case.GetProperty("layer").GetProperty("name").GetString() == name).ToList();

        Assert.HasCount(count, cases);
        foreach (var @case in cases)
        {
            using var scope = NewDisposeScope();
            var dtype = Enum.Parse<ScalarType>(@case.GetProperty("dtype").GetString()!, ignoreCase: true);
            using var layer = create(@case);
            layer.to(dtype);
            manual_seed(@case.GetProperty("seed").GetInt64());
            var x = randn(@case.GetProperty("shape").Deserialize<long[]>()!, dtype).requires_grad_();
            Fill(layer);
            var upstream = randn(@case.Tensor("output").shape, dtype);

            var y = layer.call(x);
            (y * upstream).sum().backward();

            var tolerance = Fixture.Tolerance(x);
            var gradientTolerance = dtype == ScalarType.Float64 ? tolerance : backward;
            TensorAssert.AreClose(@case.Tensor("output"), y, tolerance);
            TensorAssert.AreClose(@case.Tensor("inputGradient"), x.grad!, gradientTolerance);
            AreClose(@case.Tensors("gradients"), layer.named_parameters().ToDictionary(p => p.name, p => p.parameter.grad!), gradientTolerance);
            AreClose(@case.Tensors("buffers"), layer.named_buffers().ToDictionary(b => b.name, b => b.buffer), tolerance);
            layer.eval();
            TensorAssert.AreClose(@case.Tensor(@case.TryGetProperty("evalOutput", out _) ? "evalOutput" : "output"), layer.call(x), tolerance);
        }
    }

    /// <summary>Draws weights and buffers as the script does.</summary>
    private static void Fill(nn.Module layer)
    {
        using var guard = no_grad();
        foreach (var (key, value) in layer.state_dict().OrderBy(entry => entry.Key, StringComparer.Ordinal).Where(entry => entry.Value.is_floating_point()))
            value.copy_(key.EndsWith("running_var", StringComparison.Ordinal) ? rand(value.shape, value.dtype) + 0.5 : 0.5 * randn(value.shape, value.dtype));
    }

    private static void AreClose(Dictionary<string, Tensor> expected, Dictionary<string, Tensor> actual, double tolerance)
    {
        CollectionAssert.AreEquivalent(expected.Keys, actual.Keys);
        foreach (var (key, value) in expected)
            TensorAssert.AreClose(value, actual[key], tolerance);
    }
}
