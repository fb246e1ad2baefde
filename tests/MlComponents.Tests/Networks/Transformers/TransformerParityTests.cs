using System.Text.Json;

namespace MlComponents.Tests.Networks.Transformers;

[TestClass]
public sealed class TransformerParityTests
{
    [TestMethod]
    [DataRow("tabular-resnet", 4)]
    [DataRow("transformer-classifier", 4)]
    public void ForwardAndBackward_WithPyTorchsWeights_EqualPyTorch(string name, int count)
    {
        var cases = Fixture.Cases("attention", "networks").Where(@case => @case.GetProperty("network").GetProperty("name").GetString() == name).ToList();

        Assert.HasCount(count, cases);
        foreach (var @case in cases)
        {
            var context = NetworkContext.Of(@case.GetProperty("shape").Deserialize<long[]>()!, @case.GetProperty("outputs").GetInt64());
            using var network = @case.Component<NetworkDefinition>("network").Create(context);
            FilledCase.AreEqual(network, @case);
        }
    }
}
