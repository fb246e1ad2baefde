namespace MlComponents.Tests.Networks;

/// <summary>
/// Weights go from our networks to PyTorch's and back in <c>.pth</c> files, in real processes: names and shapes are the same to the letter, and both
/// compute the same with them.
/// </summary>
[TestClass]
[RequiresPyTorch]
public sealed class WeightExchangeTests
{
    private const double Tolerance = 1e-4;

    public static IEnumerable<object[]> Networks => new (string Peer, NetworkDefinition Definition, long Outputs)[]
    {
        ("resnet18", new ResNet { Depth = 18 }, 7), ("resnet50", new ResNet { Depth = 50 }, 7),
        ("mobilenet-v3-large", new MobileNetV3 { Variant = MobileNetV3Variant.Large }, 7), ("mobilenet-v3-small", new MobileNetV3 { Variant = MobileNetV3Variant.Small }, 7),
        ("unet", new UNet { Widths = [8, 16, 32] }, 7), ("bisenet-v1", new BiSeNetV1(), 7), ("bisenet-v2", new BiSeNetV2(), 7),
        ("tmo-mit-b1", new Tmo { Encoder = TmoEncoder.MitB1, Size = 64 }, 2),
    }.Select(network => new object[] { network.Peer, ComponentJson.Write(network.Definition), network.Outputs });

    [TestMethod]
    [DynamicData(nameof(Networks))]
    public Task Weights_ToPyTorchAndBack_GiveTheSameOutputs(string peer, string definition, long outputs) => ExchangeAsync(peer, definition, outputs);

    [TestMethod]
    [SlowTest]   // 370 MB of weights in either direction
    public Task Weights_OfTmoWithResNet101_ToPyTorchAndBack_GiveTheSameOutputs() =>
        ExchangeAsync("tmo-resnet101", ComponentJson.Write(new Tmo { Encoder = TmoEncoder.ResNet101, Size = 64 }), outputs: 2);

    private static async Task ExchangeAsync(string peer, string json, long outputs)
    {
        var definition = ComponentJson.Read<NetworkDefinition>(json);
        var context = new NetworkContext { Inputs = definition.InputNames.ToDictionary(name => name, _ => new long[] { 3, 64, 96 }), Outputs = outputs };
        var folder = Directory.CreateTempSubdirectory("exchange");
        try
        {
            string PathOf(string name) => Path.Combine(folder.FullName, name);
            using var network = NetworkFilling.Fill(definition.Create(context), seed: 8);
            network.eval();
            var theirs = Output(network, definition, PathOf("input.pth"));
            WeightFile.Write(PathOf("theirs.pth"), network.state_dict());

            var outcome = await PythonProcess.RunAsync(Path.Combine(Repository.Root, "tests", "fixtures", "exchange_weights.py"), peer, folder.FullName);
            Assert.AreEqual(0, outcome.ExitCode, outcome.Error);

            AreEqual(PathOf("theirs-output.pth"), theirs);
            Load(network, PathOf("ours.pth"));
            AreEqual(PathOf("ours-output.pth"), Output(network, definition, PathOf("input.pth")));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static void Load(nn.Module network, string path)
    {
        using var scope = NewDisposeScope();
        StateDict.Load(network, WeightFile.Read(path));
    }

    /// <summary>What the network makes of random inputs, as numbers; the inputs are kept in a file.</summary>
    private static (long[] Shape, float[] Values) Output(nn.Module network, NetworkDefinition definition, string path)
    {
        using var scope = NewDisposeScope();
        using var guard = no_grad();
        manual_seed(7);
        var arguments = definition.InputNames.Select(_ => rand(2, 3, 64, 96)).ToArray();
        WeightFile.Write(path, arguments.Select((x, i) => KeyValuePair.Create($"{i}", x)));

        var y = network is nn.Module<Tensor, Tensor> unary ? unary.call(arguments[0]) : ((nn.Module<Tensor, Tensor, Tensor>)network).call(arguments[0], arguments[1]);
        return (y.shape, y.data<float>().ToArray());
    }

    private static void AreEqual(string path, (long[] Shape, float[] Values) actual)
    {
        using var scope = NewDisposeScope();
        TensorAssert.AreClose(WeightFile.Read(path)["y"], tensor(actual.Values, actual.Shape), Tolerance);
    }
}
