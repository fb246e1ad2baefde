using System.Text.Json;

namespace MlComponents.Tests.Layers.Attention;

[TestClass]
public sealed class AttentionParityTests
{
    [TestMethod]
    [DataRow("multi-head-attention", 6)]
    [DataRow("transformer-encoder-block", 4)]
    public void ForwardAndBackward_WithPyTorchsWeights_EqualPyTorch(string name, int count)
    {
        var cases = Cases(name);

        Assert.HasCount(count, cases);
        foreach (var @case in cases)
        {
            using var layer = Create(@case);
            FilledCase.AreEqual(layer, @case);
        }
    }

    [TestMethod]
    public void Create_AfterASeed_DrawsTheWeightsThatPyTorchDraws()
    {
        foreach (var @case in Cases("multi-head-attention"))
        {
            manual_seed(@case.GetProperty("initialSeed").GetInt64());
            using var layer = Create(@case);

            using var scope = NewDisposeScope();
            var expected = @case.Tensors("initial");
            CollectionAssert.AreEquivalent(expected.Keys, layer.state_dict().Keys.ToList());
            foreach (var (key, value) in layer.state_dict())
                TensorAssert.AreClose(expected[key], value, tolerance: 1e-6);
        }
    }

    private static List<JsonElement> Cases(string name) =>
        [.. Fixture.Cases("attention", "layers").Where(@case => @case.GetProperty("layer").GetProperty("name").GetString() == name)];

    private static nn.Module<Tensor, Tensor> Create(JsonElement @case)
    {
        using var scope = NewDisposeScope();
        return @case.Component<LayerDefinition>("layer").Create(@case.Tensor("input").shape[1..]);
    }
}
