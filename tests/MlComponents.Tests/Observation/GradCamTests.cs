using MlComponents.Tests.Networks;
using TorchSharp.Modules;

namespace MlComponents.Tests.Observation;

[TestClass]
public sealed class GradCamTests
{
    [TestMethod]
    public void Explain_OfFilledNetworks_IsWhatPyTorchComputes()
    {
        var cases = Fixture.Cases("gradcam", "maps");

        Assert.HasCount(7, cases);
        foreach (var @case in cases)
        {
            using var scope = NewDisposeScope();
            var (channels, outputs, seed) = (@case.GetProperty("channels").GetInt64(), @case.GetProperty("outputs").GetInt64(), @case.GetProperty("seed").GetInt64());
            var expected = @case.Tensor("maps");
            using var network = NetworkFilling.Fill(Network(channels, outputs), seed);
            network.to(expected.dtype);
            using var generator = new Generator((ulong)seed + 1);
            var x = randn([3, channels, .. expected.shape[1..]], generator: generator).to(expected.dtype);
            var classes = @case.TryGetProperty("classes", out var given) ? given.EnumerateArray().Select(index => index.GetInt64()).ToArray() : null;

            var found = GradCam.Explain(network, x, classes, @case.GetProperty("layer").GetString()!);

            var tolerance = expected.dtype == ScalarType.Float64 ? 1e-10 : 1e-4;
            Assert.AreEqual(expected.dtype, found.Maps.dtype);
            TensorAssert.AreClose(@case.Tensor("scores"), found.Scores, tolerance);
            TensorAssert.AreClose(expected, found.Maps, tolerance);
            CollectionAssert.AreEqual(@case.GetProperty("explained").EnumerateArray().Select(index => index.GetInt64()).ToArray(), found.Classes.ToArray());
        }
    }

    [TestMethod]
    public void Explain_WithoutALayer_TakesTheLastWithMoreThanOnePosition()
    {
        using var scope = NewDisposeScope();
        using var mean = Network(1, 3);
        using var blocks = (nn.Module<Tensor, Tensor>)new ConvNet { Blocks = [new() { Channels = 4 }] }.Create(NetworkContext.Of([1, 8, 8], outputs: 3));
        using var resnet = (nn.Module<Tensor, Tensor>)new ResNet { Stem = ResNetStem.Cifar }.Create(NetworkContext.Of([3, 16, 16], outputs: 3));

        Assert.AreEqual("5", GradCam.Explain(mean, randn(1, 1, 8, 8)).Layer);          // the global mean after it has one position
        Assert.AreEqual("blocks", GradCam.Explain(blocks, randn(2, 1, 8, 8)).Layer);
        Assert.AreEqual("layer4", GradCam.Explain(resnet, randn(1, 3, 16, 16)).Layer);
        Assert.AreEqual("layer2", GradCam.Explain(resnet, randn(1, 3, 16, 16), layer: "layer2*").Layer);
    }

    [TestMethod]
    public void Explain_OfAClassForWhichNothingSpeaks_IsZero()
    {
        using var scope = NewDisposeScope();
        using var network = Network(1, 2);
        using (no_grad())
            ((Linear)network.children().Last()).weight!.copy_(tensor(new[] { -1f, 1f }).unsqueeze(1).expand(2, 6));
        var x = randn(2, 1, 8, 8);

        var maps = GradCam.Explain(network, x, [0, 1]).Maps;

        TensorAssert.AreClose(zeros(8, 8), maps[0], 0);
        Assert.AreEqual(1, maps[1].max().item<float>());
    }

    [TestMethod]
    public void Explain_OfABatch_IsThatOfEachPictureAlone()
    {
        using var scope = NewDisposeScope();
        using var network = Network(1, 3);
        network.train();
        var x = randn(4, 1, 8, 8);

        var maps = GradCam.Explain(network, x).Maps;

        for (var i = 0; i < 4; i++)
            TensorAssert.AreClose(GradCam.Explain(network, x[i..(i + 1)]).Maps[0], maps[i], 1e-5);
    }

    [TestMethod]
    public void Explain_LeavesModesGradientsAndBuffersAsTheyWere()
    {
        using var scope = NewDisposeScope();
        using var network = Network(1, 3);
        network.train();
        network.children().ElementAt(1).eval();
        foreach (var parameter in network.parameters().Skip(2))
            parameter.requires_grad = false;
        network.parameters().First().grad = ones_like(network.parameters().First());
        var buffers = network.state_dict().ToDictionary(pair => pair.Key, pair => pair.Value.clone());
        var x = randn(2, 1, 8, 8);

        GradCam.Explain(network, x);

        Assert.IsTrue(network.training);
        Assert.AreEqual(1, network.modules().Count(module => !module.training));
        Assert.AreEqual(2, network.parameters().Count(parameter => parameter.requires_grad));
        TensorAssert.AreClose(ones(4, 1, 3, 3), network.parameters().First().grad!, 0);
        Assert.IsTrue(network.parameters().Skip(1).All(parameter => parameter.grad is null));
        Assert.IsFalse(x.requires_grad);
        foreach (var (key, value) in network.state_dict())
            Assert.IsTrue(buffers[key].equal(value).all().item<bool>(), key);
    }

    [TestMethod]
    public void Explain_OfAFrozenNetworkWithoutGradientsAround_Works()
    {
        using var scope = NewDisposeScope();
        using var network = Network(1, 3);
        network.eval();
        foreach (var parameter in network.parameters())
            parameter.requires_grad = false;
        using var mode = no_grad();

        var maps = GradCam.Explain(network, randn(2, 1, 8, 8)).Maps;

        Assert.AreEqual(1, maps.max().item<float>());
        Assert.IsFalse(maps.requires_grad);
        Assert.IsFalse(is_grad_enabled());
        Assert.IsFalse(network.training);
    }

    [TestMethod]
    public void Explain_LeavesOnlyItsResult_AlsoWhereItFails()
    {
        using var scope = NewDisposeScope();
        using var network = Network(1, 3);
        var x = randn(2, 1, 8, 8);
        var before = TensorAssert.LiveCount();

        TensorAssert.LeavesOnly(2, () => GradCam.Explain(network, x));
        Assert.ThrowsExactly<ArgumentException>(() => GradCam.Explain(network, x, [0, 3]));

        Assert.AreEqual(before, TensorAssert.LiveCount());
    }

    [TestMethod]
    public void Explain_OfWhatDoesntFit_SaysWhatDoes()
    {
        using var scope = NewDisposeScope();
        using var network = Network(1, 3);
        using var blocks = (nn.Module<Tensor, Tensor>)new ConvNet().Create(NetworkContext.Of([1, 8, 8], outputs: 3));
        using var flat = nn.Sequential(nn.Flatten(), nn.Linear(64, 3));
        using var dense = nn.Sequential(nn.Conv2d(1, 3, 1));
        using var deaf = new Deaf();
        var x = randn(2, 1, 8, 8);

        AssertSays("Grad-CAM explains pictures, float [N, channels, H, W] with at least one, but was given Float32 [2, 8].", () => GradCam.Explain(network, randn(2, 8)));
        AssertSays("Grad-CAM explains pictures, float [N, channels, H, W] with at least one, but was given Float32 [0, 1, 8, 8].", () => GradCam.Explain(network, x[..0]));
        AssertSays("Grad-CAM was given 3 classes for 2 pictures: give one for each.", () => GradCam.Explain(network, x, [0, 1, 2]));
        AssertSays("Grad-CAM was asked for the class 3, but the network tells 3 apart: give one from 0 to 2.", () => GradCam.Explain(network, x, [0, 3]));
        AssertSays("Grad-CAM was asked for the class -1, but the network tells 3 apart: give one from 0 to 2.", () => GradCam.Explain(network, x, [-1, 0]));
        AssertSays("The pattern 'bloks' means none of the modules of the network; did you mean 'blocks'?", () => GradCam.Explain(blocks, x, layer: "bloks"));
        AssertSays("Grad-CAM needs a layer that gives maps [2, K, U, V] with more than one position, but 'hidden' gives [2, 128]: name one that does.", () => GradCam.Explain(blocks, x, layer: "hidden"));
        AssertSays("Grad-CAM needs a layer that gives maps [2, K, U, V] with more than one position, but '*' gives [2, 3]: name one that does.", () => GradCam.Explain(flat, x));
        AssertSays("Grad-CAM explains the classes of pictures, but the network gives [2, 3, 8, 8] for 2 of them: it takes scores [2, C].", () => GradCam.Explain(dense, x));
        AssertSays("Grad-CAM needs the gradient of the scores with respect to the layer 'inner', but they don't depend on it, or the network computes without gradients: name another layer.", () => GradCam.Explain(deaf, x));

        static void AssertSays(string sentence, Action action) => Assert.StartsWith(sentence, Assert.ThrowsExactly<ArgumentException>(action).Message);
    }

    [TestMethod]
    public void Explain_OfALayerThatTheScoreDoesntDependOn_SaysSo()
    {
        using var scope = NewDisposeScope();
        using var network = new Aside();

        var error = Assert.ThrowsExactly<ArgumentException>(() => GradCam.Explain(network, randn(2, 1, 8, 8), layer: "unused"));

        Assert.StartsWith("Grad-CAM needs the gradient of the scores with respect to the layer 'unused', but they don't depend on it", error.Message);
    }

    /// <summary>That of tests/fixtures/gradcam.py.</summary>
    private static Sequential Network(long channels, long outputs) => nn.Sequential(
        nn.Conv2d(channels, 4, 3, padding: 1), nn.BatchNorm2d(4), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(4, 6, 3, padding: 1), nn.ReLU(),
        nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(6, outputs));

    /// <summary>Computes its maps without a graph.</summary>
    private sealed class Deaf : nn.Module<Tensor, Tensor>
    {
        private readonly nn.Module<Tensor, Tensor> inner = nn.Conv2d(1, 2, 3);

        public Deaf() : base(nameof(Deaf)) => RegisterComponents();

        public override Tensor forward(Tensor x)
        {
            using var mode = no_grad();
            return inner.call(x).mean([2, 3]);
        }
    }

    /// <summary>Has a layer that it calls for nothing.</summary>
    private sealed class Aside : nn.Module<Tensor, Tensor>
    {
        private readonly nn.Module<Tensor, Tensor> used = nn.Conv2d(1, 2, 3);
        private readonly nn.Module<Tensor, Tensor> unused = nn.Conv2d(1, 2, 3);

        public Aside() : base(nameof(Aside)) => RegisterComponents();

        public override Tensor forward(Tensor x)
        {
            unused.call(x).Dispose();
            return used.call(x).mean([2, 3]);
        }
    }
}
