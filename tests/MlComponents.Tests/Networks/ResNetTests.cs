using System.Text.Json;

namespace MlComponents.Tests.Networks;

[TestClass]
public sealed class ResNetTests
{
    [TestMethod]
    public void ForwardAndBackward_WithTheSameWeights_EqualTorchvision()
    {
        var cases = Fixture.Cases("networks", "resnets");

        Assert.HasCount(6, cases);
        foreach (var @case in cases)
            NetworkCase.AssertEqual(@case);
    }

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
}
