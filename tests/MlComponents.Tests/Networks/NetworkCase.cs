using System.Text.Json;

namespace MlComponents.Tests.Networks;

/// <summary>A pass through a network that is filled from a seed, as tests/fixtures/networks.py describes it, compared with what PyTorch computed.</summary>
internal static class NetworkCase
{
    /// <summary>Compares all cases of a part of the fixture whose definitions are networks.</summary>
    public static void AssertNetworks(string part, int count)
    {
        var cases = Fixture.Cases("networks", part);

        Assert.HasCount(count, cases);
        foreach (var @case in cases)
            using (var network = Create(@case.Component<NetworkDefinition>("definition"), Shape(@case), @case.GetProperty("outputs").GetInt64()))
                AssertEqual(@case, network, forward: 1e-4);
    }

    /// <summary>Fills a network or layer, and compares its output, gradients and buffers.</summary>
    /// <param name="case">A case of a fixture.</param>
    /// <param name="network">What its definition builds.</param>
    /// <param name="forward">Closeness of outputs and buffers in float32; that of gradients is 1e-4, and of all in float64 1e-10.</param>
    public static void AssertEqual(JsonElement @case, nn.Module<Tensor, Tensor> network, double forward)
    {
        using var scope = NewDisposeScope();
        var expected = @case.Tensor("output");
        var backward = 1e-4;
        if (expected.dtype == ScalarType.Float64)
            forward = backward = 1e-10;
        var seed = @case.GetProperty("seed").GetInt64();
        NetworkFilling.Fill(network, seed).to(expected.dtype);
        network.train(@case.GetProperty("train").GetBoolean());
        using var generator = new Generator((ulong)seed + 1);
        var x = randn([@case.GetProperty("batch").GetInt64(), .. Shape(@case)], generator: generator).to(expected.dtype).requires_grad_();

        var y = network.call(x);
        (y * (@case.GetProperty("upstream").GetDouble() * randn(y.shape, generator: generator)).to(expected.dtype)).sum().backward();

        TensorAssert.AreClose(expected, y, forward);
        AssertProbe(@case.GetProperty("inputGradient"), x.grad!, backward, "the input's gradient");
        AssertProbes(@case.GetProperty("gradients"), network.named_parameters().ToDictionary(pair => pair.name, pair => pair.parameter.grad!), backward);
        if (network.training)
            AssertProbes(@case.GetProperty("buffers"), network.named_buffers().ToDictionary(pair => pair.name, pair => pair.buffer), forward);
    }

    /// <summary>Compares the number of weights of a network with 1,000 classes, their names and shapes.</summary>
    public static void AssertNames(string name, long parameters)
    {
        var @case = Named("names", name);
        using var network = Create(ComponentJson.Read<NetworkDefinition>($"\"{name}\""), [3, 224, 224], outputs: 1000);

        Assert.AreEqual(parameters, @case.GetProperty("parameters").GetInt64());
        Assert.AreEqual(parameters, network.parameters().Sum(parameter => parameter.numel()));
        var expected = @case.GetProperty("shapes").EnumerateObject().Select(property => $"{property.Name} [{string.Join(", ", property.Value.Deserialize<long[]>()!)}]");
        CollectionAssert.AreEquivalent(expected.ToList(), network.state_dict().Select(pair => $"{pair.Key} [{string.Join(", ", pair.Value.shape)}]").ToList());
    }

    /// <summary>Compares the weights that are drawn after a seed.</summary>
    public static void AssertInitial(string name)
    {
        var @case = Named("initial", name);
        manual_seed(@case.GetProperty("seed").GetInt64());
        using var network = Create(ComponentJson.Read<NetworkDefinition>($"\"{name}\""), [3, 64, 64], outputs: 10);

        AssertProbes(@case.GetProperty("weights"), network.state_dict(), tolerance: 1e-6);
    }

    /// <summary>Shape of one example of a case.</summary>
    public static long[] Shape(JsonElement @case) => @case.GetProperty("shape").Deserialize<long[]>()!;

    /// <summary>Builds a network of one input.</summary>
    public static nn.Module<Tensor, Tensor> Create(NetworkDefinition definition, long[] shape, long outputs) =>
        (nn.Module<Tensor, Tensor>)definition.Create(NetworkContext.Of(shape, outputs));

    /// <summary>Compares the tensors of the same names by their norms and four entries.</summary>
    public static void AssertProbes(JsonElement expected, IReadOnlyDictionary<string, Tensor> actual, double tolerance)
    {
        CollectionAssert.AreEquivalent(expected.EnumerateObject().Select(property => property.Name).ToList(), actual.Keys.ToList());
        foreach (var (key, tensor) in actual)
            AssertProbe(expected.GetProperty(key), tensor, tolerance, key);
    }

    private static JsonElement Named(string part, string name) => Fixture.Cases("networks", part).Single(@case => @case.GetProperty("network").GetString() == name);

    /// <summary>Compares a tensor by its norm and four entries.</summary>
    public static void AssertProbe(JsonElement expected, Tensor actual, double tolerance, string what)
    {
        using var scope = NewDisposeScope();
        var flat = actual.detach().to(ScalarType.Float64).flatten();
        double[] values = [flat.norm().item<double>(), .. Enumerable.Range(0, 4).Select(i => flat[flat.numel() * i / 4].item<double>())];

        foreach (var (e, a) in expected.Deserialize<double[]>()!.Zip(values))
            Assert.IsTrue(Math.Abs(e - a) <= tolerance + tolerance * Math.Abs(e), $"{what}: {a} instead of {e}, norm and entries [{string.Join(", ", values)}] instead of {expected}");
    }
}
