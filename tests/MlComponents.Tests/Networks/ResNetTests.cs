namespace MlComponents.Tests.Networks;

[TestClass]
public sealed class ResNetTests
{
    [TestMethod]
    public void ForwardAndBackward_WithTheSameWeights_EqualTorchvision() => NetworkCase.AssertNetworks("resnets", 7);

    [TestMethod]
    [DataRow("resnet18", 11_689_512)]
    [DataRow("resnet34", 21_797_672)]
    [DataRow("resnet50", 25_557_032)]
    [DataRow("resnet101", 44_549_160)]
    [DataRow("resnet152", 60_192_808)]
    public void Create_WithAThousandClasses_HasTorchvisionsWeights(string name, int parameters) => NetworkCase.AssertNames(name, parameters);

    [TestMethod]
    [DataRow("resnet18")]
    [DataRow("resnet50")]
    public void Create_AfterASeed_DrawsTheWeightsThatTorchvisionDraws(string name) => NetworkCase.AssertInitial(name);

    [TestMethod]
    [DataRow(ResNetStem.ImageNet, 4)]
    [DataRow(ResNetStem.Cifar, 1)]
    public void Features_OfEitherStem_HalveFromStageToStage(ResNetStem stem, int stride)
    {
        using var scope = NewDisposeScope();
        using var trunk = new ResNet { Depth = 50, Width = 4, Stem = stem }.CreateTrunk(channels: 2);
        var x = randn(2, 2, 70, 50);

        var maps = trunk.Features(x);

        Assert.HasCount(4, maps);
        for (var stage = 0; stage < 4; stage++)
        {
            var step = stride << stage;
            CollectionAssert.AreEqual(new long[] { 2, 16 << stage, (70 + step - 1) / step, (50 + step - 1) / step }, maps[stage].shape);
        }
        TensorAssert.LeavesOnly(4, () => trunk.Features(x));
        TensorAssert.AreClose(maps[^1], trunk.call(x), tolerance: 1e-6);
    }

    [TestMethod]
    public void CreateTrunk_NextToTheNetwork_HasItsNamesWithoutTheHead()
    {
        var options = new ResNet { Width = 4 };
        using var network = NetworkCase.Create(options, [3, 32, 32], outputs: 2);
        using var trunk = options.CreateTrunk(channels: 3);

        CollectionAssert.AreEquivalent(network.state_dict().Keys.Except(["fc.weight", "fc.bias"]).ToList(), trunk.state_dict().Keys.ToList());
    }

    [TestMethod]
    [DataRow(18)]
    [DataRow(50)]
    public void Create_WithZeroInit_MakesEveryBlockItsShortcut(int depth)
    {
        using var scope = NewDisposeScope();
        using var network = NetworkCase.Create(new ResNet { Depth = depth, Width = 4, ZeroInit = true }, [3, 32, 32], outputs: 2);
        var last = depth == 18 ? "bn2" : "bn3";

        var scales = network.named_parameters().Where(pair => pair.name.StartsWith("layer", StringComparison.Ordinal) && pair.name.EndsWith("weight", StringComparison.Ordinal) && pair.parameter.dim() == 1);

        foreach (var (name, scale) in scales)
            Assert.AreEqual(name.EndsWith($"{last}.weight", StringComparison.Ordinal) ? 0f : 1f, scale.max().item<float>(), name);
    }

    [TestMethod]
    public void Create_WithoutNormalization_GivesTheConvolutionsBiases()
    {
        using var scope = NewDisposeScope();
        using var network = NetworkCase.Create(new ResNet { Width = 4, Normalization = new NoNormalization(), ZeroInit = true }, [1, 32, 32], outputs: 2);

        var keys = network.state_dict().Keys.ToList();

        CollectionAssert.IsSubsetOf(new[] { "conv1.bias", "layer1.0.conv1.bias", "layer2.0.downsample.0.bias", "fc.bias" }, keys);
        Assert.IsFalse(keys.Any(key => key.Contains("bn", StringComparison.Ordinal) || key.Contains("downsample.1", StringComparison.Ordinal)));
        Assert.IsTrue(network.call(randn(1, 1, 32, 32)).isfinite().all().item<bool>());
    }

    [TestMethod]
    public void Create_OfAnotherDepth_SaysWhichThereAre()
    {
        var options = new ResNet { Depth = 20 };

        Assert.AreEqual("ResNet.Depth is 20; allowed is one of 18, 34, 50, 101, 152.", Assert.ThrowsExactly<System.ComponentModel.DataAnnotations.ValidationException>(options.Validate).Message);
        Assert.AreEqual("There is no ResNet of the depth 20; allowed are 18, 34, 50, 101 and 152.", Assert.ThrowsExactly<ArgumentException>(
            () => options.Create(NetworkContext.Of([3, 32, 32], outputs: 2))).Message);
    }
}
