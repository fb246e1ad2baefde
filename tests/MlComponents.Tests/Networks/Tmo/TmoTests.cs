using System.ComponentModel.DataAnnotations;

namespace MlComponents.Tests.Networks;

[TestClass]
public sealed class TmoTests
{
    [TestMethod]
    [DataRow(TmoEncoder.ResNet101, true, 93_007_238, 42_500_160, 8_006_918)]
    [DataRow(TmoEncoder.MitB1, true, 33_588_870, 13_151_424, 7_286_022)]
    [DataRow(TmoEncoder.MitB1, false, 20_437_446, 13_151_424, 7_286_022)]
    public void Create_OfTwoOutputs_HasTheReferencesWeights(TmoEncoder encoder, bool motion, int all, int one, int decoder)
    {
        using var network = Create(new() { Encoder = encoder, Motion = motion });

        var parts = network.named_children().ToDictionary(pair => pair.name, pair => Count(pair.module));
        Assert.AreEqual(all, Count(network));
        Assert.AreEqual(one, parts["appearance"]);
        Assert.AreEqual(motion ? one : 0, parts.GetValueOrDefault("motion"));
        Assert.AreEqual(decoder, parts["decoder"]);
    }

    [TestMethod]
    public void StateDict_OfBothEncoders_HasTheDocumentedNames()
    {
        using var resnet = Create(new() { Motion = false });
        using var mit = Create(new() { Encoder = TmoEncoder.MitB1 });

        string[] decoder = ["decoder.fuse4.conv.weight", "decoder.fuse1.conv.bias", "decoder.blend4.conv.weight", "decoder.blend1.conv.bias", "decoder.attention4.conv.weight",
            "decoder.attention3.channel.0.weight", "decoder.attention2.channel.2.bias", "decoder.attention1.spatial.0.weight", "decoder.attention1.spatial.2.bias", "decoder.predict.weight"];
        CollectionAssert.IsSubsetOf(
            (string[])[.. decoder, "appearance.conv1.weight", "appearance.bn1.weight", "appearance.layer1.0.conv1.weight", "appearance.layer4.2.bn3.running_var"], resnet.state_dict().Keys.ToList());
        CollectionAssert.IsSubsetOf(
            (string[])[.. decoder, "appearance.patch_embed1.proj.weight", "appearance.patch_embed4.norm.bias", "motion.block1.0.norm1.weight", "motion.block1.0.attn.q.bias",
                "motion.block2.1.attn.kv.weight", "motion.block3.0.attn.sr.weight", "motion.block3.0.attn.norm.weight", "motion.block4.0.attn.proj.weight", "motion.block4.1.norm2.bias",
                "motion.block4.1.mlp.fc1.weight", "motion.block4.1.mlp.dwconv.dwconv.weight", "motion.block4.1.mlp.fc2.bias", "motion.norm4.weight"],
            mit.state_dict().Keys.ToList());
    }

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public void Forward_OfAnySize_GivesScoresOfThatSizeAndLeavesNothingElse(bool motion)
    {
        using var scope = NewDisposeScope();
        using var network = Create(new() { Encoder = TmoEncoder.MitB1, Motion = motion, Size = 32 }, outputs: 3);
        var (image, flow) = (rand(2, 3, 50, 41), rand(2, 3, 50, 41));

        CollectionAssert.AreEqual(new long[] { 2, 3, 50, 41 }, Call(network, image, flow).shape);
        TensorAssert.LeavesOnly(1, () => Call(network, image, flow));
        network.eval();
        TensorAssert.LeavesOnly(1, () => Call(network, image, flow));
    }

    [TestMethod]
    public void Describe_OfTwoInputs_CountsBothEncoders()
    {
        var description = new Tmo { Encoder = TmoEncoder.MitB1, Size = 32 }.Describe(Context([3, 40, 64], [3, 40, 64]));

        Assert.AreEqual(33_588_870, description.Parameters);
        CollectionAssert.AreEqual(new long[] { 2, 40, 64 }, description.OutputShape.ToArray());
        CollectionAssert.AreEqual(new long[] { 320, 2, 2 }, description.Parts.Single(part => part.Path == "motion.patch_embed3.proj").OutputShape!.ToArray());
    }

    [TestMethod]
    public void InputNames_WithAndWithoutMotion_AreImageAndFlow()
    {
        CollectionAssert.AreEqual(new[] { "image", "flow" }, new Tmo().InputNames.ToArray());
        CollectionAssert.AreEqual(new[] { "image" }, new Tmo { Motion = false }.InputNames.ToArray());
    }

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public void FrozenStatistics_InTrainMode_StayAsTheyAre(bool frozen)
    {
        using var scope = NewDisposeScope();
        using var network = Create(new() { Motion = false, Size = 32, FrozenStatistics = frozen });
        var before = network.get_buffer("appearance.bn1.running_mean")!.clone();

        Call(network, rand(2, 3, 32, 32), null!).sum().backward();

        Assert.AreEqual(frozen, before.equal(network.get_buffer("appearance.bn1.running_mean")!).all().item<bool>());
        Assert.IsTrue(network.get_parameter("appearance.bn1.weight")!.grad!.any().item<bool>());

        network.eval();
        network.train();
        Assert.IsTrue(network.training);
        Assert.AreEqual(!frozen, network.named_modules().Single(pair => pair.name == "appearance.layer4.2.bn3").module.training);
        Assert.IsTrue(network.named_modules().Single(pair => pair.name == "decoder").module.training);
    }

    [TestMethod]
    public void Train_OnOneBatch_LearnsIt()
    {
        using var scope = NewDisposeScope();
        manual_seed(2);
        using var network = Create(new() { Encoder = TmoEncoder.MitB1, Size = 32 });
        using var optimizer = optim.Adam(network.parameters(), lr: 3e-4);
        var (image, flow) = (rand(2, 3, 32, 32), rand(2, 3, 32, 32));
        var target = (arange(32).view(1, 32, 1) < 16).expand(2, 32, 32).to(ScalarType.Int64);

        var losses = Learning.Losses(optimizer, () => nn.functional.cross_entropy(Call(network, image, flow), target), steps: 8);

        Assert.IsLessThan(0.8 * losses[0], losses[^1], string.Join(", ", losses));
    }

    [TestMethod]
    public void MotionInput_OfRowsWithAndWithoutFlow_TakesTheImageInItsPlace()
    {
        using var scope = NewDisposeScope();
        var (image, flow) = (rand(2, 3, 4, 5), full([2, 3, 4, 5], float.NaN));
        flow[0] = rand(3, 4, 5);

        var motion = Tmo.MotionInput(image, flow, tensor([true, false]));

        TensorAssert.AreClose(stack([flow[0], image[1]]), motion, tolerance: 0);
        TensorAssert.LeavesOnly(1, () => Tmo.MotionInput(image, flow, tensor([true, false]).DetachFromDisposeScope()));
    }

    [TestMethod]
    public void Confidence_OfKnownProbabilities_IsTheNormOfWhatLiesBelowATenth()
    {
        using var scope = NewDisposeScope();
        var p = tensor([0.98f, 0.96f, 0.5f, 0.9f]).view(2, 1, 1, 2);
        var logits = cat([p, 1 - p], dim: 1).log();   // [2, 2, 1, 2]

        var confidence = Tmo.Confidence(logits);

        TensorAssert.AreClose(tensor([0.1f, 0f]), confidence, tolerance: 1e-5);   // √(0.08² + 0.06²)
        TensorAssert.LeavesOnly(1, () => Tmo.Confidence(logits));
    }

    [TestMethod]
    public void Select_OfTwoFrames_KeepsForEachWhatTheNetworkIsSurerOf()
    {
        using var scope = NewDisposeScope();
        using var network = new Echo();
        network.eval();
        var (image, flow) = (zeros(2, 2, 3, 3), zeros(2, 2, 3, 3));
        (image[0, 0], flow[0, 0]) = (full(3, 3, 4.0), full(3, 3, 5.0));   // the flow makes it surer
        (image[1, 1], flow[1, 1]) = (full(3, 3, 7.0), full(3, 3, 6.0));   // the image does

        var selected = Tmo.Select(network, image, flow);

        TensorAssert.AreClose(stack([flow[0], image[1]]), selected, tolerance: 0);
        TensorAssert.LeavesOnly(1, () => Tmo.Select(network, image, flow));
    }

    [TestMethod]
    public void Select_InTrainMode_SaysToCallEval()
    {
        using var network = new Echo();

        var error = Assert.ThrowsExactly<ArgumentException>(() => Tmo.Select(network, zeros(1, 3, 4, 4), zeros(1, 3, 4, 4)));

        Assert.StartsWith("Outputs are selected in predictions, but the network is in train mode: call eval() first.", error.Message);
    }

    [TestMethod]
    public void Create_OfInputsThatDoNotFit_SaysWhatDoes()
    {
        var definition = new Tmo();

        var missing = Assert.ThrowsExactly<InvalidOperationException>(() => definition.Create(NetworkContext.Of([3, 64, 64], outputs: 2)));
        var different = Assert.ThrowsExactly<ArgumentException>(() => definition.Create(Context([3, 64, 64], [2, 64, 64])));

        Assert.AreEqual("This network needs an input 'image', but the data has: features.", missing.Message);
        Assert.AreEqual("Tmo needs inputs of three channels and equal size, but these are image [3, 64, 64] and flow [2, 64, 64]: "
            + "give frames as RGB, and optical flow as an RGB picture of the same size.", different.Message);
    }

    [TestMethod]
    public void Forward_OfInputsThatDiffer_SaysSo()
    {
        using var network = Create(new() { Encoder = TmoEncoder.MitB1, Size = 32 });

        var sizes = Assert.ThrowsExactly<ArgumentException>(() => Call(network, zeros(1, 3, 32, 32), zeros(1, 3, 32, 64)));
        var channels = Assert.ThrowsExactly<ArgumentException>(() => Call(network, zeros(1, 1, 32, 32), zeros(1, 1, 32, 32)));

        Assert.AreEqual("Tmo's inputs have the shapes image [1, 3, 32, 32] and flow [1, 3, 32, 64]; they must be equal.", sizes.Message);
        Assert.AreEqual("Tmo's input 'image' has the shape [1, 1, 32, 32], but needed is [N, 3, H, W].", channels.Message);
    }

    [TestMethod]
    public void Size_ThatIsNoMultipleOf32_IsRefused()
    {
        var options = new Tmo { Size = 380 };

        var error = Assert.ThrowsExactly<ValidationException>(options.Validate);

        Assert.AreEqual("Tmo: Size is 380; allowed are multiples of 32, e.g. 352.", error.Message);
        Assert.ThrowsExactly<ArgumentException>(() => options.Create(Context([3, 64, 64], [3, 64, 64])));
    }

    private static nn.Module Create(Tmo definition, long outputs = 2) => definition.Create(Context([3, 64, 64], [3, 64, 64]) with { Outputs = outputs });

    private static NetworkContext Context(long[] image, long[] flow) => new() { Inputs = new Dictionary<string, long[]> { ["image"] = image, ["flow"] = flow }, Outputs = 2 };

    private static Tensor Call(nn.Module network, Tensor image, Tensor flow) => network is nn.Module<Tensor, Tensor, Tensor> both
        ? both.call(image, flow)
        : ((nn.Module<Tensor, Tensor>)network).call(image);

    private static long Count(nn.Module module) => module.parameters().Sum(parameter => parameter.numel());

    /// <summary>Takes what the motion encoder would see for the scores.</summary>
    private sealed class Echo() : nn.Module<Tensor, Tensor, Tensor>(nameof(Echo))
    {
        public override Tensor forward(Tensor image, Tensor flow) => flow.clone();
    }
}
