using MlComponents.Tests.Layers;

namespace MlComponents.Tests.Networks;

/// <summary>Multiply-adds against published figures and arithmetic by hand.</summary>
[TestClass]
public sealed class MultiplyAddsTests
{
    public static IEnumerable<object[]> Layers => LayerExamples.All.Select(example => new object[] { example });

    // In thousands of millions, as torchvision's documentation states them for its weights: ResNet 1.81 and 4.09, MobileNetV3-Large 0.22.
    [TestMethod]
    [DataRow("resnet18", 1.814, 0.0005)]
    [DataRow("resnet50", 4.089, 0.0005)]
    [DataRow("mobilenet-v3", 0.217, 0.0005)]
    public void Describe_OfAPublishedNetwork_CountsWhatIsPublished(string name, double billions, double tolerance)
    {
        var description = ComponentJson.Read<NetworkDefinition>($"\"{name}\"").Describe([3, 224, 224], outputs: 1000);

        Assert.AreEqual(billions, description.MultiplyAdds!.Value / 1e9, tolerance);
        Assert.IsFalse(description.HasUncounted);
    }

    [TestMethod]
    [DynamicData(nameof(Layers))]
    public void Describe_OfALayer_IsWhatAPassThroughTheBuiltOneCounts(LayerExample example)
    {
        var network = NetworkDefinition.From(_ => example.Definition.Create(example.Shape));

        var measured = network.Describe(example.Shape, outputs: 1);

        Assert.AreEqual(measured.MultiplyAdds, example.Definition.Describe(example.Shape).MultiplyAdds);
        Assert.IsFalse(measured.HasUncounted);
    }

    [TestMethod]
    public void Describe_OfAGroupedConvolution_CountsByHand()
    {
        var description = new Convolution { Channels = 6, Groups = 2, KernelSize = [3], Stride = [2] }.Describe([4, 8, 10]);

        Assert.AreEqual(6 * (4 / 2) * 3 * 3 * (4 * 5), description.MultiplyAdds);
    }

    [TestMethod]
    public void Describe_OfATransposedConvolution_UsesTheKernelOncePerInputPosition()
    {
        var description = new TransposedConvolution { Channels = 5, KernelSize = [2], Stride = [2] }.Describe([4, 3, 7]);

        Assert.AreEqual(4 * 5 * 2 * 2 * (3 * 7), description.MultiplyAdds);
    }

    [TestMethod]
    public void Describe_OfAttention_CountsItsFourProjectionsAndTwoProducts()
    {
        var description = new MultiHeadAttention { Heads = 2 }.Describe([5, 6]);

        Assert.AreEqual(4 * 5 * 6 * 6 + 5 * 5 * 6 + 5 * 5 * 6, description.MultiplyAdds);
    }

    [TestMethod]
    public void Describe_OfASequenceTransformer_CountsBlocksThatAreNotCalledAsModules()
    {
        var description = new TransformerClassifier { Width = 8, Blocks = 2, Heads = 2 }.Describe([5, 3], outputs: 4);

        var block = new TransformerEncoderBlock { Heads = 2 }.Describe([5, 8]).MultiplyAdds;
        Assert.AreEqual(5 * 3 * 8 + 2 * block + 8 * 4, description.MultiplyAdds);
        Assert.IsFalse(description.HasUncounted);
    }

    [TestMethod]
    public void Describe_OfALambdaNetworkOfTorchSharpsModules_CountsEachOfItsCalls()
    {
        var network = NetworkDefinition.From(_ => nn.Sequential(
            ("conv", nn.Conv2d(1, 2, kernel_size: 3, padding: 1)), ("norm", nn.BatchNorm2d(2)), ("relu", nn.ReLU()), ("flat", nn.Flatten()), ("head", nn.Linear(2 * 4 * 4, 3))));

        var description = network.Describe([1, 4, 4], outputs: 3);

        var parts = description.Parts.ToDictionary(part => part.Path, part => part.MultiplyAdds);
        Assert.AreEqual(1 * 2 * 3 * 3 * 16, parts["conv"]);
        Assert.AreEqual(0, parts["norm"]);
        Assert.AreEqual(32 * 3, parts["head"]);
        Assert.AreEqual(288 + 96, description.MultiplyAdds);
        Assert.IsFalse(description.HasUncounted);
    }

    [TestMethod]
    public void Describe_OfAModuleOfAnUnknownType_LeavesItOutAndSaysSo()
    {
        var network = NetworkDefinition.From(_ => new Twice());

        var description = network.Describe([3], outputs: 3);

        Assert.IsTrue(description.HasUncounted);
        Assert.AreEqual(2 * 3 * 3, description.MultiplyAdds);
        var parts = description.Parts.ToDictionary(part => part.Path, part => part.MultiplyAdds);
        Assert.AreEqual(2 * 3 * 3, parts["called"]);
        Assert.IsNull(parts["borrowed"]);
    }

    /// <summary>Calls one layer twice, and uses the weights of another without a call.</summary>
    private sealed class Twice : nn.Module<Tensor, Tensor>
    {
        private readonly TorchSharp.Modules.Linear called = nn.Linear(3, 3);
        private readonly TorchSharp.Modules.Linear borrowed = nn.Linear(3, 3);

        public Twice() : base(nameof(Twice)) => RegisterComponents();

        public override Tensor forward(Tensor x) => nn.functional.linear(called.call(called.call(x)), borrowed.weight);
    }
}
