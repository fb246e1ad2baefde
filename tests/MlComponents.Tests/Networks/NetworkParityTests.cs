using System.Text.Json;

namespace MlComponents.Tests.Networks;

[TestClass]
public sealed class NetworkParityTests
{
    [TestMethod]
    [DataRow("mlp", 14)]
    [DataRow("convnet", 8)]
    public void ForwardAndBackward_WithPyTorchsWeights_EqualPyTorch(string name, int count)
    {
        var cases = Cases(name);

        Assert.HasCount(count, cases);
        foreach (var @case in cases)
        {
            using var scope = NewDisposeScope();
            var (x, output) = (@case.Tensor("input").requires_grad_(), @case.Tensor("output"));
            using var network = Create(@case);
            network.to(x.dtype);
            Load(network, @case.Tensors("weights"));
            network.train(@case.GetProperty("train").GetBoolean());

            var y = network.call(x);
            (y * @case.Tensor("upstream")).sum().backward();

            var backward = x.dtype == ScalarType.Float64 ? 1e-10 : name == "convnet" ? 1e-4 : 3e-5;   // a gradient of float32 adds up what rounds otherwise on each kind of processor
            TensorAssert.AreClose(output, y, Fixture.Tolerance(x));
            TensorAssert.AreClose(@case.Tensor("inputGradient"), x.grad!, backward);
            foreach (var (key, expected) in @case.Tensors("gradients"))
                TensorAssert.AreClose(expected, network.get_parameter(key)!.grad!, backward);
            foreach (var (key, expected) in @case.Tensors("buffers"))
                TensorAssert.AreClose(expected, network.get_buffer(key)!, Fixture.Tolerance(x));
        }
    }

    [TestMethod]
    [DataRow("mlp")]
    [DataRow("convnet")]
    public void Create_AfterASeed_DrawsTheWeightsThatPyTorchDraws(string name)
    {
        foreach (var @case in Cases(name))
        {
            manual_seed(@case.GetProperty("seed").GetInt64());
            using var network = Create(@case);

            using var scope = NewDisposeScope();
            var expected = @case.Tensors("weights");
            CollectionAssert.AreEquivalent(expected.Keys, network.state_dict().Keys.ToList());
            foreach (var (key, value) in network.state_dict())
                TensorAssert.AreClose(expected[key], value, tolerance: 1e-6);
        }
    }

    private static List<JsonElement> Cases(string name) =>
        [.. Fixture.Cases("maths", "networks").Where(@case => @case.GetProperty("network").GetProperty("name").GetString() == name)];

    private static nn.Module<Tensor, Tensor> Create(JsonElement @case) => (nn.Module<Tensor, Tensor>)@case.Component<NetworkDefinition>("network")
        .Create(NetworkContext.Of(@case.GetProperty("shape").Deserialize<long[]>()!, @case.GetProperty("outputs").GetInt64()));

    private static void Load(nn.Module network, Dictionary<string, Tensor> weights)
    {
        using var guard = no_grad();
        var state = network.state_dict();
        CollectionAssert.AreEquivalent(weights.Keys, state.Keys.ToList());
        foreach (var (key, value) in weights)
            state[key].copy_(value);
    }
}
