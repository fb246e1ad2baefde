using System.Text.Json;

namespace MlComponents.Tests.Networks;

/// <summary>BiSeNet and TMO against networks in Python that were written from the same description by somebody else: tests/fixtures/peers.</summary>
[TestClass]
public sealed class SegmentationParityTests
{
    [TestMethod]
    [DataRow("bisenets", 4)]
    [DataRow("tmos", 3)]
    public void ForwardAndBackward_WithTheSameWeights_EqualThePeers(string part, int count)
    {
        var cases = Fixture.Cases("segmentation", part);

        Assert.HasCount(count, cases);
        foreach (var @case in cases)
            AssertEqual(@case);
    }

    /// <summary>A case as tests/fixtures/segmentation.py describes it: in float64 where it is trained.</summary>
    private static void AssertEqual(JsonElement @case)
    {
        using var scope = NewDisposeScope();
        var (definition, train, seed) = (@case.Component<NetworkDefinition>("network"), @case.GetProperty("train").GetBoolean(), @case.GetProperty("seed").GetInt64());
        var (dtype, tolerance) = train ? (ScalarType.Float64, 1e-10) : (ScalarType.Float32, 1e-4);
        var shape = @case.GetProperty("shape").Deserialize<long[]>()!;
        using var network = definition.Create(new() { Inputs = definition.InputNames.ToDictionary(name => name, _ => shape), Outputs = @case.GetProperty("outputs").GetInt64() });
        NetworkFilling.Fill(network, seed).to(dtype);
        network.train(train);
        using var generator = new Generator((ulong)seed + 1);
        Tensor[] inputs = [.. definition.InputNames.Select(_ => rand([@case.GetProperty("batch").GetInt64(), .. shape], generator: generator).to(dtype).requires_grad_())];

        var heads = Heads(network, inputs);
        heads.Select(head => (head * randn(head.shape, generator: generator).to(dtype)).sum()).Aggregate((a, b) => a + b).backward();

        var expected = @case.GetProperty("heads").EnumerateArray().ToList();
        Assert.HasCount(expected.Count, heads);
        for (var i = 0; i < heads.Count; i++)
            TensorAssert.AreClose(expected[i].Tensor("output"), heads[i][TensorIndex.Ellipsis, TensorIndex.Slice(step: 8), TensorIndex.Slice(step: 8)], tolerance);
        foreach (var (probe, input) in @case.GetProperty("inputGradients").EnumerateArray().Zip(inputs))
            NetworkCase.AssertProbe(probe, input.grad!, tolerance, "an input's gradient");
        foreach (var probe in @case.GetProperty("gradients").EnumerateObject())
            NetworkCase.AssertProbe(probe.Value, network.get_parameter(probe.Name)!.grad!, tolerance, probe.Name);
        if (train)
            foreach (var probe in @case.GetProperty("buffers").EnumerateObject())
                NetworkCase.AssertProbe(probe.Value, network.get_buffer(probe.Name)!, tolerance, probe.Name);
    }

    private static IReadOnlyList<Tensor> Heads(nn.Module network, Tensor[] inputs) => network switch
    {
        IAuxiliaryHeads auxiliary when network.training => auxiliary.Heads(inputs[0]),
        nn.Module<Tensor, Tensor> module => [module.call(inputs[0])],
        nn.Module<Tensor, Tensor, Tensor> module => [module.call(inputs[0], inputs[1])],
        _ => throw new ArgumentException($"There is no way to call a {network.GetName()}."),
    };
}
