namespace MlComponents.Tests.Weights;

[TestClass]
public sealed class StateDictTests
{
    private static readonly NetworkContext Context = NetworkContext.Of([4], outputs: 3);

    [TestMethod]
    public void Load_OfWhatSaveWrote_MakesNetworksEqual()
    {
        using var source = nn.Sequential(("linear", nn.Linear(4, 3)), ("norm", nn.BatchNorm1d(3)));
        using var target = nn.Sequential(("linear", nn.Linear(4, 3)), ("norm", nn.BatchNorm1d(3)));
        using var scope = NewDisposeScope();
        source.call(rand(8, 4));   // moves the running mean, which is a buffer
        using var stream = new MemoryStream();

        StateDict.Save(source, stream);
        stream.Position = 0;
        StateDict.Load(target, stream);

        AssertEqual(source, target);
    }

    [TestMethod]
    [DataRow("weights.safetensors")]
    [DataRow("weights.PTH")]
    public void Load_OfAFileThatSaveWrote_MakesNetworksEqual(string name)
    {
        var folder = Directory.CreateTempSubdirectory().FullName;
        try
        {
            using var source = Network();
            using var target = Network();

            StateDict.Save(source, Path.Combine(folder, "new", name));
            var report = StateDict.Load(target, Path.Combine(folder, "new", name));

            AssertEqual(source, target);
            Assert.AreEqual("all 4 tensors fit", report.ToString());
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [TestMethod]
    public void Load_OfACheckpointOfPyTorch_TakesTheStateDictOutOfIt()
    {
        using var network = nn.Sequential(("conv", nn.Conv2d(1, 2, 3)), ("norm", nn.BatchNorm2d(2)), ("flatten", nn.Flatten()), ("linear", nn.Linear(8, 3)));
        using var scope = NewDisposeScope();

        var report = StateDict.Load(network, WeightFixtures.Path("checkpoint.pth"), key: "state_dict");

        Assert.HasCount(9, report.Loaded);
        Assert.AreEqual(1L, network.state_dict()["norm.num_batches_tracked"].item<long>());
    }

    [TestMethod]
    public void Load_OfOtherWeights_ListsEverythingThatDoesntFitAndChangesNothing()
    {
        using var network = Network();
        using var scope = NewDisposeScope();
        var before = network.state_dict()["layers.linear1.weight"].clone();

        var e = Assert.ThrowsExactly<InvalidDataException>(() => StateDict.Load(network, Misfits()));

        StringAssert.Contains(e.Message, "missing are layers.output.bias; unexpected are extra; layers.linear1.bias is [6], but the network has [5].", StringComparison.Ordinal);
        TensorAssert.AreClose(before, network.state_dict()["layers.linear1.weight"], 0);
    }

    [TestMethod]
    public void Load_OfOtherWeightsLeniently_LoadsWhatFitsAndReportsTheRest()
    {
        using var network = Network();
        using var scope = NewDisposeScope();
        var before = network.state_dict()["layers.linear1.bias"].clone();

        var report = StateDict.Load(network, Misfits(), new StateDictOptions { Strict = false });

        CollectionAssert.AreEqual(new[] { "layers.linear1.weight", "layers.output.weight" }, report.Loaded.ToArray());
        CollectionAssert.AreEqual(new[] { "layers.output.bias" }, report.Missing.ToArray());
        CollectionAssert.AreEqual(new[] { "extra" }, report.Unexpected.ToArray());
        var mismatch = report.Mismatching.Single();
        Assert.AreEqual("layers.linear1.bias", mismatch.Name);
        CollectionAssert.AreEqual(new long[] { 6 }, mismatch.FileShape.ToArray());
        CollectionAssert.AreEqual(new long[] { 5 }, mismatch.NetworkShape.ToArray());
        Assert.IsFalse(report.IsComplete);
        TensorAssert.AreClose(0, network.state_dict()["layers.linear1.weight"].abs().sum(), 0);
        TensorAssert.AreClose(before, network.state_dict()["layers.linear1.bias"], 0);
    }

    [TestMethod]
    public void Load_OfAnotherElementType_Converts()
    {
        using var network = (nn.Module<Tensor, Tensor>)new Mlp { Hidden = [] }.Create(Context);
        using var scope = NewDisposeScope();

        StateDict.Load(network, new Dictionary<string, Tensor> { ["layers.output.weight"] = ones(3, 4, ScalarType.Float64), ["layers.output.bias"] = zeros(3, ScalarType.BFloat16) });

        TensorAssert.AreClose(full(1, 3, 4f), network.call(ones(1, 4)), 0);
        Assert.IsTrue(network.state_dict().Values.All(tensor => tensor.dtype == ScalarType.Float32));
    }

    [TestMethod]
    public void Load_OfComplexNumbersIntoRealOnes_IsAnError()
    {
        using var network = nn.Linear(2, 1, hasBias: false);
        using var scope = NewDisposeScope();

        var e = Assert.ThrowsExactly<InvalidDataException>(() => StateDict.Load(network, new Dictionary<string, Tensor> { ["weight"] = zeros(1, 2, ScalarType.ComplexFloat32) }));

        StringAssert.Contains(e.Message, "weight is ComplexFloat32, but the network has Float32, which can't hold it", StringComparison.Ordinal);
    }

    [TestMethod]
    public void Load_OfOtherNames_RenamesByTheRulesInTheirOrder()
    {
        using var network = Network();
        using var scope = NewDisposeScope();
        var tensors = network.state_dict().ToDictionary(pair => "module." + pair.Key.Replace("layers.linear1", "block.0", StringComparison.Ordinal), pair => ones_like(pair.Value));
        RenamingRule[] rules = [new RenamePrefix("module."), new RenamePattern(@"^block\.(\d)", "layers.linear#$1"), new RenamePattern("#0", "1")];

        var report = StateDict.Load(network, tensors, new StateDictOptions { Renaming = rules });

        Assert.IsTrue(report.IsComplete);
        TensorAssert.AreClose(20, network.state_dict()["layers.linear1.weight"].sum(), 0);
    }

    [TestMethod]
    public void Load_OfTwoNamesThatBecomeOne_IsAnError()
    {
        using var network = Network();
        using var scope = NewDisposeScope();
        var tensors = new Dictionary<string, Tensor> { ["a.x"] = ones(1), ["x"] = ones(1) };

        var e = Assert.ThrowsExactly<InvalidDataException>(() => StateDict.Load(network, tensors, new StateDictOptions { Renaming = [new RenamePrefix("a.")], Strict = false }));

        StringAssert.Contains(e.Message, "turn 'a.x' and 'x' both into 'x'", StringComparison.Ordinal);
    }

    [TestMethod]
    public void Load_LeavesNoTensors()
    {
        using var network = Network();

        TensorAssert.LeavesOnly(1, () => StateDict.Load(network, new Dictionary<string, Tensor> { ["layers.output.bias"] = zeros(3, ScalarType.Float64) }, new StateDictOptions { Strict = false }));
    }

    private static nn.Module<Tensor, Tensor> Network() => (nn.Module<Tensor, Tensor>)new Mlp { Hidden = [5] }.Create(Context);

    private static Dictionary<string, Tensor> Misfits() => new()
    {
        ["layers.linear1.weight"] = zeros(5, 4), ["layers.linear1.bias"] = zeros(6), ["layers.output.weight"] = zeros(3, 5), ["extra"] = zeros(1),
    };

    private static void AssertEqual(nn.Module expected, nn.Module actual)
    {
        foreach (var (name, tensor) in expected.state_dict())
            TensorAssert.AreClose(tensor, actual.state_dict()[name], 0);
    }
}
