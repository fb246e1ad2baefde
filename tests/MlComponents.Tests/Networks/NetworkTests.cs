namespace MlComponents.Tests.Networks;

[TestClass]
public sealed class NetworkTests
{
    private static IEnumerable<NetworkDefinition> All =>
    [
        new Mlp(), new Mlp { Hidden = [] }, new Mlp { Hidden = [7, 5], Dropout = 0.5, Activation = Activation.Gelu }, new Mlp { Normalization = new BatchNorm() },
        new ConvNet(), new ConvNet { Dropout = 0.5, Hidden = 9 }, new ConvNet { Blocks = [new() { Channels = 4, Normalization = new GroupNorm { Groups = 2 } }] },
        new ResNet { Width = 4 }, new ResNet { Width = 2, Depth = 50, Stem = ResNetStem.Cifar, Dropout = 0.5, Normalization = new NoNormalization() },
        new ResNet { Width = 4, Normalization = new GroupNorm { Groups = 2 } }, new MobileNetV3 { WidthMultiplier = 0.2 },
        new MobileNetV3 { Variant = MobileNetV3Variant.Small, WidthMultiplier = 0.1, StemStride = 1, Normalization = new NoNormalization() },
    ];

    [TestMethod]
    public void Forward_OfABatch_GivesOneRowOfOutputsEachAndLeavesNothingElse()
    {
        foreach (var definition in All)
        {
            using var scope = NewDisposeScope();
            using var network = (nn.Module<Tensor, Tensor>)definition.Create(NetworkContext.Of([2, 12, 9], outputs: 4));
            var x = randn(3, 2, 12, 9);

            CollectionAssert.AreEqual(new long[] { 3, 4 }, network.call(x).shape);
            TensorAssert.LeavesOnly(1, () => network.call(x));
            network.eval();
            TensorAssert.LeavesOnly(1, () => network.call(x));
        }
    }

    [TestMethod]
    public void Create_InsideAScope_GivesANetworkThatOutlivesIt()
    {
        foreach (var definition in All)
        {
            nn.Module<Tensor, Tensor> network;
            using (NewDisposeScope())
                network = (nn.Module<Tensor, Tensor>)definition.Create(NetworkContext.Of([1, 8, 8], outputs: 2));

            using var scope = NewDisposeScope();
            using (network)
                Assert.IsTrue(network.call(randn(2, 1, 8, 8)).isfinite().all().item<bool>());
        }
    }

    [TestMethod]
    public void Create_Twice_GivesNetworksThatShareNothing()
    {
        foreach (var definition in All)
        {
            using var scope = NewDisposeScope();
            using var first = definition.Create(NetworkContext.Of([1, 8, 8], outputs: 2));
            using var second = definition.Create(NetworkContext.Of([1, 8, 8], outputs: 2));

            using (no_grad())
                foreach (var parameter in first.parameters())
                    parameter.zero_();

            Assert.IsTrue(second.parameters().Where(parameter => parameter.dim() > 1).All(parameter => parameter.any().item<bool>()));
        }
    }

    [TestMethod]
    public void Backward_OfASmoothNetwork_MatchesFiniteDifferences()
    {
        foreach (var definition in new NetworkDefinition[]
        {
            new Mlp { Hidden = [4], Activation = Activation.Gelu },
            new ConvNet { Blocks = [new() { Channels = 2, KernelSize = 5 }], Hidden = 3, Activation = Activation.Silu },
        })
        {
            using var scope = NewDisposeScope();
            manual_seed(5);
            using var network = (nn.Module<Tensor, Tensor>)definition.Create(NetworkContext.Of([1, 4, 4], outputs: 2)).to(ScalarType.Float64);

            TensorAssert.GradientMatchesDifferences(x => network.call(x).square().sum(), randn(2, 1, 4, 4, ScalarType.Float64));
        }
    }

    [TestMethod]
    public void Dropout_InTrainingAndInEvaluation_ActsInTrainingOnly()
    {
        foreach (var definition in new NetworkDefinition[] { new Mlp { Dropout = 0.5 }, new ConvNet { Dropout = 0.5 }, new ResNet { Width = 8, Dropout = 0.5 } })
        {
            using var scope = NewDisposeScope();
            manual_seed(6);
            using var network = (nn.Module<Tensor, Tensor>)definition.Create(NetworkContext.Of([1, 8, 8], outputs: 2));
            var x = randn(4, 1, 8, 8);

            network.train();
            Assert.IsFalse(network.call(x).equal(network.call(x)).all().item<bool>());
            network.eval();
            Assert.IsTrue(network.call(x).equal(network.call(x)).all().item<bool>());
        }
    }

    [TestMethod]
    public void Normalization_AsAnOption_DecidesLayersAndBiases()
    {
        using var plain = new Mlp { Hidden = [6] }.Create(NetworkContext.Of([3], outputs: 2));
        using var batch = new Mlp { Hidden = [6], Normalization = new BatchNorm() }.Create(NetworkContext.Of([3], outputs: 2));
        using var convolutional = new ConvNet { Blocks = [new() { Channels = 6, Normalization = new RmsNorm() }] }.Create(NetworkContext.Of([1, 8, 8], outputs: 2));
        var json = ComponentJson.Read<NetworkDefinition>("""{ "name": "convnet", "blocks": [{ "channels": 64, "normalization": "group-norm" }] }""");

        string[] output = ["layers.output.weight", "layers.output.bias"];
        CollectionAssert.AreEquivalent((string[])["layers.linear1.weight", "layers.linear1.bias", .. output], Parameters(plain));
        CollectionAssert.AreEquivalent((string[])["layers.linear1.weight", "layers.norm1.weight", "layers.norm1.bias", .. output], Parameters(batch));
        CollectionAssert.IsSubsetOf((string[])["blocks.conv1_1.weight", "blocks.conv1_1.bias", "blocks.norm1_1.weight"], Parameters(convolutional));
        Assert.AreEqual(new GroupNorm(), ((ConvNet)json).Blocks[0].Normalization);

        static string[] Parameters(nn.Module network) => [.. network.named_parameters().Select(parameter => parameter.name)];
    }

    [TestMethod]
    public void Validate_OfANormalizationInsideABlock_NamesTheWholePath()
    {
        var network = new ConvNet { Blocks = [new() { Normalization = new GroupNorm { Groups = 0 } }] };

        var error = Assert.ThrowsExactly<System.ComponentModel.DataAnnotations.ValidationException>(network.Validate);

        Assert.AreEqual("ConvNet.Blocks[0].Normalization.Groups is 0; allowed is at least 1.", error.Message);
    }

    [TestMethod]
    public void Mlp_OfExamplesWithoutADimension_SaysWhatToDo()
    {
        var error = Assert.ThrowsExactly<ArgumentException>(() => new Mlp().Create(NetworkContext.Of([], outputs: 2)));

        Assert.AreEqual("Mlp needs examples of at least one dimension, but these are single numbers: give the features the shape [N, 1].", error.Message);
    }

    [TestMethod]
    [DataRow("convnet", "ConvNet")]
    [DataRow("resnet50", "ResNet")]
    [DataRow("mobilenet-v3", "MobileNetV3")]
    [DataRow("unet", "UNet")]
    public void NetworkOfMaps_OfFlatExamples_AsksForInputShape(string name, string type)
    {
        var error = Assert.ThrowsExactly<ArgumentException>(() => Read($"\"{name}\"").Create(NetworkContext.Of([784], outputs: 10)));

        Assert.AreEqual($"{type} needs examples of shape [C, H, W], but these have the shape [784]: set InputShape, e.g. new {type} {{ InputShape = [1, 28, 28] }}.", error.Message);
        Assert.ThrowsExactly<ArgumentNullException>(() => Read($"\"{name}\"").Create(null!));
    }

    [TestMethod]
    [DataRow("{ 'name': 'convnet', 'inputShape': [1, 28, 28] }")]
    [DataRow("{ 'name': 'resnet18', 'inputShape': [1, 28, 28], 'width': 8 }")]
    [DataRow("{ 'name': 'resnet50', 'inputShape': [1, 28, 28], 'width': 4, 'stem': 'cifar' }")]
    [DataRow("{ 'name': 'mobilenet-v3', 'inputShape': [1, 28, 28], 'widthMultiplier': 0.3 }")]
    [DataRow("{ 'name': 'mobilenet-v3-small', 'inputShape': [1, 28, 28], 'stemStride': 1 }")]
    public void NetworkOfMaps_WithAnInputShape_IsBuiltForIt(string json)
    {
        using var network = NetworkCase.Create(Read(json.Replace('\'', '"')), [784], outputs: 10);
        using var scope = NewDisposeScope();

        CollectionAssert.AreEqual(new long[] { 2, 10 }, network.call(randn(2, 1, 28, 28)).shape);
    }

    [TestMethod]
    [DataRow("{ 'name': 'resnet18', 'width': 8 }")]
    [DataRow("{ 'name': 'resnet18', 'width': 8, 'normalization': { 'name': 'group-norm', 'groups': 2 } }")]
    [DataRow("{ 'name': 'resnet50', 'width': 4, 'stem': 'cifar', 'normalization': 'none', 'zeroInit': true }")]
    [DataRow("{ 'name': 'mobilenet-v3', 'widthMultiplier': 0.3, 'dropout': 0 }")]
    [DataRow("{ 'name': 'mobilenet-v3-small', 'stemStride': 1, 'dropout': 0 }")]
    public void Train_OnAFewPictures_LearnsThem(string json)
    {
        using var scope = NewDisposeScope();
        manual_seed(3);
        using var network = NetworkCase.Create(Read(json.Replace('\'', '"')), [1, 16, 16], outputs: 2);
        var label = arange(8).remainder(2);                                                                                  // [N]
        var x = randn(8, 1, 16, 16) + label.view(8, 1, 1, 1) * linspace(-1, 1, 16).view(1, 1, 1, 16);                        // [N, 1, H, W]

        var losses = Learning.Losses(network, x, label, steps: 20, learningRate: 3e-3);

        Assert.IsLessThan(0.5 * losses[0], losses[^1], string.Join(", ", losses));
    }

    [TestMethod]
    public void ConvNet_OfExamplesThatPoolingUsesUp_SaysSo()
    {
        var error = Assert.ThrowsExactly<ArgumentException>(() => new ConvNet().Create(NetworkContext.Of([1, 3, 28], outputs: 10)));

        Assert.AreEqual("ConvNet's blocks pool by 2 times 2, which leaves nothing of examples of 3 by 28: use fewer blocks, a smaller Pool or examples of at least 4 by 4.", error.Message);
        Assert.ThrowsExactly<ArgumentException>(() =>   // 16 to the 32nd is 0 in 64 bits
            new ConvNet { Blocks = [.. Enumerable.Repeat(new ConvBlock { Pool = 16 }, 32)] }.Create(NetworkContext.Of([1, 28, 28], outputs: 10)));
    }

    [TestMethod]
    public void Forward_OfABatchOfAnotherShape_SaysWhatTheNetworkWasBuiltFor()
    {
        AssertRefuses(new Mlp(), [2, 3], [4, 7], "Mlp was built for examples of 6 numbers, as [N, 6], but the input has the shape [4, 7].");
        AssertRefuses(new Mlp(), [6], [6], "Mlp was built for examples of 6 numbers, as [N, 6], but the input has the shape [6].");
        AssertRefuses(new TabularResNet(), [5], [2, 1], "TabularResNet was built for examples of 5 numbers, as [N, 5], but the input has the shape [2, 1].");
        AssertRefuses(new ConvNet(), [1, 8, 9], [2, 1, 8, 3], "ConvNet was built for [N, 1, 8, 9], but the input has the shape [2, 1, 8, 3].");
        AssertRefuses(new ConvNet(), [1, 8, 9], [1, 8, 9], "ConvNet was built for [N, 1, 8, 9], but the input has the shape [1, 8, 9].");
        AssertRefuses(new ResNet { Width = 2 }, [3, 8, 8], [2, 1, 8, 8], "ResNet was built for [N, 3, H, W], but the input has the shape [2, 1, 8, 8].");
        AssertRefuses(new MobileNetV3 { WidthMultiplier = 0.1 }, [3, 8, 8], [3, 8, 8], "MobileNetV3 was built for [N, 3, H, W], but the input has the shape [3, 8, 8].");
        AssertRefuses(new UNet { Widths = [2, 2] }, [3, 8, 8], [2, 1, 8, 8], "UNet was built for [N, 3, H, W], but the input has the shape [2, 1, 8, 8].");
        AssertRefuses(new BiSeNetV1(), [3, 32, 32], [2, 1, 32, 32], "BiSeNetV1 was built for [N, 3, H, W], but the input has the shape [2, 1, 32, 32].");
        AssertRefuses(new BiSeNetV2(), [3, 32, 32], [2, 1, 32, 32], "BiSeNetV2 was built for [N, 3, H, W], but the input has the shape [2, 1, 32, 32].");
        AssertRefuses(new TransformerClassifier(), [5], [2, 6], "TransformerClassifier was built for [N, 5], but the input has the shape [2, 6].");
        AssertRefuses(new TransformerClassifier(), [5, 3], [2, 1, 3], "TransformerClassifier was built for [N, 5, 3], but the input has the shape [2, 1, 3].");
        AssertRefuses(new TransformerClassifier { Vocabulary = 4 }, [5], [2, 1], "TransformerClassifier was built for [N, 5], but the input has the shape [2, 1].");

        static void AssertRefuses(NetworkDefinition definition, long[] shape, long[] batch, string message)
        {
            using var scope = NewDisposeScope();
            using var network = NetworkCase.Create(definition, shape, outputs: 2);

            Assert.AreEqual(message, Assert.ThrowsExactly<ArgumentException>(() => network.call(zeros(batch))).Message);
        }
    }

    [TestMethod]
    public void From_AFunctionThatReturnsNull_IsAnError()
    {
        var error = Assert.ThrowsExactly<InvalidOperationException>(() => NetworkDefinition.From(_ => null!).Create(NetworkContext.Of([2], outputs: 1)));

        Assert.AreEqual("The network function returned null; it must return a new module.", error.Message);
    }

    [TestMethod]
    public void Context_OfOtherInputs_NamesThem()
    {
        var context = new NetworkContext { Inputs = new Dictionary<string, long[]> { ["image"] = [3, 4, 4], ["flow"] = [2, 4, 4] }, Outputs = 1 };

        var error = Assert.ThrowsExactly<InvalidOperationException>(() => context.InputSize);

        Assert.AreEqual("This network needs an input 'features', but the data has: image, flow.", error.Message);
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => NetworkContext.Of([3], outputs: 0));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => NetworkContext.Of([3, 0], outputs: 1));
    }

    private static NetworkDefinition Read(string json) => ComponentJson.Read<NetworkDefinition>(json);
}
