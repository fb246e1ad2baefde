namespace MlComponents.Tests.Networks;

[TestClass]
public sealed class BiSeNetTests
{
    private static IEnumerable<NetworkDefinition> Both => [new BiSeNetV1(), new BiSeNetV2()];

    [TestMethod]
    [DataRow("bisenet-v1", 19, 13_275_539, 13_425_721)]
    [DataRow("bisenet-v1", 11, 13_273_483, 13_422_625)]
    [DataRow("bisenet-v1", 2, 13_271_170, 13_419_142)]
    [DataRow("bisenet-v2", 19, 3_358_627, 5_231_487)]
    [DataRow("bisenet-v2", 11, 3_350_427, 5_212_375)]
    [DataRow("bisenet-v2", 2, 3_341_202, 5_190_874)]
    public void Create_WithoutAndWithAuxiliaryHeads_HasTheReferencesWeights(string name, int classes, int without, int with)
    {
        using var plain = Create(ComponentJson.Read<NetworkDefinition>($$"""{ "name": "{{name}}", "auxiliaryHeads": false }"""), classes);
        using var network = Create(ComponentJson.Read<NetworkDefinition>($"\"{name}\""), classes);

        Assert.AreEqual(without, Count(plain));
        Assert.AreEqual(with, Count(network));
    }

    [TestMethod]
    public void Create_OfTheFirst_HasTheReferencesParts()
    {
        using var network = Create(new BiSeNetV1(), outputs: 19);

        AssertParts(network, ("sp", 91_968), ("cp", 12_456_256), ("ffm", 132_096), ("conv_out", 595_219), ("conv_out16", 75_091), ("conv_out32", 75_091));
        Assert.AreEqual(11_176_512, network.named_parameters().Where(pair => pair.name.StartsWith("cp.resnet.", StringComparison.Ordinal)).Sum(pair => pair.parameter.numel()));
    }

    [TestMethod]
    public void Create_OfTheSecond_HasTheReferencesParts()
    {
        using var network = Create(new BiSeNetV2(), outputs: 19);

        AssertParts(network, ("detail", 519_232), ("segment", 1_159_504), ("bga", 478_720), ("head", 1_201_171),
            ("aux2", 37_475), ("aux3", 112_211), ("aux4", 374_291), ("aux5_4", 1_348_883));
    }

    [TestMethod]
    [DataRow("bisenet-v1", 13_425_721)]
    [DataRow("bisenet-v2", 5_231_487)]
    public void Describe_OfEither_CountsTheAuxiliaryHeadsToo(string name, int parameters)
    {
        var description = ComponentJson.Read<NetworkDefinition>($"\"{name}\"").Describe([3, 32, 64], outputs: 19);

        Assert.AreEqual(parameters, description.Parameters);
        CollectionAssert.AreEqual(new long[] { 19, 32, 64 }, description.OutputShape.ToArray());
    }

    [TestMethod]
    public void StateDict_OfTheFirst_HasCoinCheungsNames() => AssertNames(new BiSeNetV1(),
        "cp.resnet.conv1.weight", "cp.resnet.layer4.1.bn2.running_var", "cp.arm16.conv.conv.weight", "cp.arm32.conv.bn.bias", "cp.arm16.conv_atten.weight",
        "cp.arm32.bn_atten.num_batches_tracked", "cp.conv_head32.conv.weight", "cp.conv_head16.bn.weight", "cp.conv_avg.conv.weight",
        "sp.conv1.conv.weight", "sp.conv2.bn.weight", "sp.conv3.conv.weight", "sp.conv_out.bn.running_mean", "ffm.convblk.conv.weight", "ffm.convblk.bn.weight",
        "ffm.conv.weight", "ffm.bn.weight", "conv_out.conv.conv.weight", "conv_out.conv.bn.weight", "conv_out.conv_out.bias", "conv_out16.conv_out.weight", "conv_out32.conv_out.weight");

    [TestMethod]
    public void StateDict_OfTheSecond_HasCoinCheungsNames() => AssertNames(new BiSeNetV2(),
        "detail.S1.0.conv.weight", "detail.S3.2.bn.bias", "segment.S1S2.conv.conv.weight", "segment.S1S2.left.0.conv.weight", "segment.S1S2.left.1.bn.weight",
        "segment.S1S2.fuse.conv.weight", "segment.S3.0.conv1.conv.weight", "segment.S3.0.dwconv1.0.weight", "segment.S3.0.dwconv1.1.bias", "segment.S3.0.dwconv2.0.weight",
        "segment.S3.0.dwconv2.1.weight", "segment.S3.0.conv2.0.weight", "segment.S3.0.conv2.1.weight", "segment.S3.0.shortcut.0.weight", "segment.S3.0.shortcut.3.bias",
        "segment.S3.1.conv1.bn.weight", "segment.S3.1.dwconv.0.weight", "segment.S3.1.dwconv.1.weight", "segment.S3.1.conv2.0.weight", "segment.S5_4.3.conv2.1.running_mean",
        "segment.S5_5.bn.weight", "segment.S5_5.conv_gap.conv.weight", "segment.S5_5.conv_last.bn.weight", "bga.left1.0.weight", "bga.left1.2.weight", "bga.left2.1.weight",
        "bga.right1.1.weight", "bga.right2.2.weight", "bga.conv.1.weight", "head.conv.conv.weight", "head.conv_out.1.weight", "head.conv_out.1.bias",
        "aux2.conv_out.0.1.conv.weight", "aux3.conv_out.0.1.bn.weight", "aux4.conv_out.1.weight", "aux5_4.conv_out.1.bias");

    [TestMethod]
    [DataRow("bisenet-v1", 3)]
    [DataRow("bisenet-v2", 5)]
    public void Heads_OfABatch_HaveTheImagesSizeAndStartWithTheMainOne(string name, int heads)
    {
        using var scope = NewDisposeScope();
        using var network = Create(ComponentJson.Read<NetworkDefinition>($"\"{name}\""));
        var x = rand(2, 3, 32, 64);

        TensorAssert.LeavesOnly(1, () => network.call(x));
        TensorAssert.LeavesOnly(heads, () => ((IAuxiliaryHeads)network).Heads(x));
        network.eval();
        var all = ((IAuxiliaryHeads)network).Heads(x);

        Assert.HasCount(heads, all);
        foreach (var head in all)
            CollectionAssert.AreEqual(new long[] { 2, 4, 32, 64 }, head.shape);
        TensorAssert.AreClose(network.call(x), all[0], tolerance: 0);
    }

    [TestMethod]
    public void Heads_WithoutAuxiliaryOnes_AreTheMainOne()
    {
        foreach (var definition in new NetworkDefinition[] { new BiSeNetV1 { AuxiliaryHeads = false }, new BiSeNetV2 { AuxiliaryHeads = false } })
        {
            using var scope = NewDisposeScope();
            using var network = Create(definition);
            network.eval();
            var x = rand(1, 3, 32, 32);

            var heads = ((IAuxiliaryHeads)network).Heads(x);

            Assert.HasCount(1, heads);
            TensorAssert.AreClose(network.call(x), heads[0], tolerance: 0);
        }
    }

    [TestMethod]
    public void Create_OfTheSecond_StartsEveryExpansionAsItsShortcut()
    {
        using var network = Create(new BiSeNetV2());

        var last = network.named_parameters().Where(pair => pair.name.StartsWith("segment.S", StringComparison.Ordinal) && pair.name.EndsWith(".conv2.1.weight", StringComparison.Ordinal)).ToList();

        Assert.HasCount(8, last);
        Assert.IsTrue(last.All(pair => pair.parameter.count_nonzero().item<long>() == 0));
        Assert.AreEqual(1.0, network.get_parameter("segment.S5_5.bn.weight")!.mean().item<float>());
    }

    [TestMethod]
    public void Create_OfTheFirst_DrawsConvolutionsByFanIn() => AssertDrawn(new BiSeNetV1(), ("sp.conv2.conv.weight", 1.0 / (64 * 9)), ("cp.arm32.conv.conv.weight", 1.0 / (512 * 9)),
        ("cp.conv_avg.conv.weight", 1.0 / 512), ("ffm.conv.weight", 1.0 / 256), ("conv_out.conv.conv.weight", 1.0 / (256 * 9)), ("cp.resnet.layer3.1.conv1.weight", 2.0 / (256 * 9)));

    [TestMethod]
    public void Create_OfTheSecond_DrawsConvolutionsByFanOut() => AssertDrawn(new BiSeNetV2(), ("detail.S3.0.conv.weight", 2.0 / (128 * 9)),
        ("segment.S4.0.dwconv1.0.weight", 2.0 / (192 * 9)), ("bga.left1.2.weight", 2.0 / 128), ("head.conv.conv.weight", 2.0 / (1024 * 9)));

    [TestMethod]
    public void Train_OnOneBatch_LearnsIt()
    {
        foreach (var definition in Both)
        {
            using var scope = NewDisposeScope();
            manual_seed(2);
            using var network = Create(definition, outputs: 2);
            using var optimizer = optim.SGD(network.parameters(), learningRate: 0.1);
            var x = rand(2, 3, 32, 32);
            var target = (arange(32).view(1, 32, 1) < 16).expand(2, 32, 32).to(ScalarType.Int64);

            var losses = Learning.Losses(optimizer, () => ((IAuxiliaryHeads)network).Heads(x).Select(head => nn.functional.cross_entropy(head, target)).Aggregate((a, b) => a + b), steps: 8);

            Assert.IsLessThan(0.8 * losses[0], losses[^1], string.Join(", ", losses));
        }
    }

    [TestMethod]
    [DataRow("bisenet-v1", "BiSeNetV1")]
    [DataRow("bisenet-v2", "BiSeNetV2")]
    public void AnySizeThatIsNoMultipleOf32_IsRefusedWithTheNearestOnes(string name, string type)
    {
        var definition = ComponentJson.Read<NetworkDefinition>($"\"{name}\"");
        using var network = Create(definition);

        var built = Assert.ThrowsExactly<ArgumentException>(() => definition.Create(NetworkContext.Of([3, 360, 480], outputs: 2)));
        var called = Assert.ThrowsExactly<ArgumentException>(() => network.call(zeros(2, 3, 240, 176)));

        Assert.AreEqual($"{type} needs heights and widths that are multiples of 32, but these examples are 360 by 480: "
            + "crop, pad or resize them to a height of 352 or 384 and a width of 480.", built.Message);
        Assert.AreEqual($"{type} needs heights and widths that are multiples of 32, but these examples are 240 by 176: "
            + "crop, pad or resize them to a height of 224 or 256 and a width of 160 or 192.", called.Message);
    }

    [TestMethod]
    public void ABatchOfOne_IsRefusedInTrainModeOnly()
    {
        foreach (var definition in Both)
        {
            using var scope = NewDisposeScope();
            using var network = Create(definition);
            var x = rand(1, 3, 64, 64);

            var error = Assert.ThrowsExactly<ArgumentException>(() => network.call(x));
            Assert.ThrowsExactly<ArgumentException>(() => ((IAuxiliaryHeads)network).Heads(x));
            network.eval();

            Assert.StartsWith("BatchNorm can't normalize one value per channel in train mode, [1, 128, 1, 1]: use a larger batch, eval mode", error.Message);
            CollectionAssert.AreEqual(new long[] { 1, 4, 64, 64 }, network.call(x).shape);
        }
    }

    [TestMethod]
    public void ABatchOfOne_WithoutBatchNormalization_CanBeTrainedOn()
    {
        foreach (var definition in new NetworkDefinition[] { new BiSeNetV1 { Normalization = new NoNormalization() }, new BiSeNetV2 { Normalization = new GroupNorm { Groups = 8 } } })
        {
            using var scope = NewDisposeScope();
            using var network = Create(definition);

            CollectionAssert.AreEqual(new long[] { 1, 4, 64, 32 }, network.call(rand(1, 3, 64, 32)).shape);
            Assert.IsEmpty(network.named_buffers());
        }
    }

    [TestMethod]
    public void Create_ForAnyChannels_TakesThem()
    {
        foreach (var definition in Both)
        {
            using var scope = NewDisposeScope();
            using var network = (nn.Module<Tensor, Tensor>)definition.Create(NetworkContext.Of([1, 32, 32], outputs: 2));

            CollectionAssert.AreEqual(new long[] { 2, 2, 32, 32 }, network.call(rand(2, 1, 32, 32)).shape);
        }
    }

    private static nn.Module<Tensor, Tensor> Create(NetworkDefinition definition, long outputs = 4) => NetworkCase.Create(definition, [3, 64, 64], outputs);

    private static long Count(nn.Module module) => module.parameters().Sum(parameter => parameter.numel());

    /// <summary>Compares the deviation of weights with that of the distribution from which they are drawn; biases are 0.</summary>
    private static void AssertDrawn(NetworkDefinition definition, params (string Name, double Variance)[] weights)
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        using var network = Create(definition);

        foreach (var (name, variance) in weights)
            Assert.AreEqual(Math.Sqrt(variance), network.get_parameter(name)!.std().item<float>(), 0.1 * Math.Sqrt(variance), name);
        Assert.IsTrue(network.modules().OfType<TorchSharp.Modules.Conv2d>().All(convolution => convolution.bias is null || !convolution.bias.any().item<bool>()));
    }

    private static void AssertParts(nn.Module network, params (string Name, long Parameters)[] parts) =>
        CollectionAssert.AreEquivalent(parts, network.named_children().Select(pair => (pair.name, Count(pair.module))).ToList());

    private static void AssertNames(NetworkDefinition definition, params string[] names)
    {
        using var network = Create(definition);

        CollectionAssert.IsSubsetOf(names, network.state_dict().Keys.ToList());
    }
}
