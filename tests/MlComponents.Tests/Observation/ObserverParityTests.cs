using System.Text.Json;
using MlComponents.Tests.Networks;

namespace MlComponents.Tests.Observation;

[TestClass]
public sealed class ObserverParityTests
{
    [TestMethod]
    public void Observe_OfResNet18_SeesTheActivationsAndGradientsThatPyTorchsHooksSee()
    {
        var cases = Fixture.Cases("observation", "resnet18");

        Assert.HasCount(4, cases);
        foreach (var @case in cases)
        {
            using var scope = NewDisposeScope();
            var type = @case.GetProperty("dtype").GetString() == "float64" ? ScalarType.Float64 : ScalarType.Float32;
            var seed = @case.GetProperty("seed").GetInt64();
            using var network = NetworkCase.Create(new ResNet { Depth = 18 }, [3, 64, 64], outputs: 5);
            NetworkFilling.Fill(network, seed).to(type);
            network.train(@case.GetProperty("train").GetBoolean());
            var names = @case.GetProperty("activations").EnumerateObject().Select(property => property.Name).ToList();
            using var observer = network.Observe(names, new() { Statistics = true });
            using var generator = new Generator((ulong)seed + 1);
            var x = randn([2, 3, 64, 64], generator: generator).to(type);

            var y = network.call(x);
            (y * (@case.GetProperty("upstream").GetDouble() * randn(y.shape, generator: generator)).to(type)).sum().backward();

            var tolerance = type == ScalarType.Float64 ? 1e-10 : 1e-4;
            NetworkCase.AssertProbes(@case.GetProperty("activations"), observer.Modules.ToDictionary(module => module.Name, module => module.Activation!), tolerance);
            NetworkCase.AssertProbes(@case.GetProperty("gradients"), observer.Modules.ToDictionary(module => module.Name, module => module.Gradient!), tolerance);
            observer.ReadStatistics();
            foreach (var module in observer.Modules)
                AssertClose(@case.GetProperty("statistics").GetProperty(module.Name), module.Statistics!, tolerance, module.Name);
        }
    }

    private static void AssertClose(JsonElement expected, ActivationStatistics actual, double tolerance, string name)
    {
        double[] values = [actual.Mean, actual.StandardDeviation, actual.Smallest, actual.Largest, actual.ZeroShare];

        foreach (var (e, a) in expected.Deserialize<double[]>()!.Zip(values))
            Assert.AreEqual(e, a, tolerance + tolerance * Math.Abs(e), $"{name}: {actual} instead of {expected}");
        Assert.AreEqual(0, actual.NonFiniteShare);
    }
}
