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

        foreach (var (name, tensor) in source.state_dict())
            TensorAssert.AreClose(tensor, target.state_dict()[name], 0);
    }

    [TestMethod]
    public void Load_OfOtherWeights_ListsEverythingThatDoesntFitAndChangesNothing()
    {
        using var network = (nn.Module<Tensor, Tensor>)new Mlp { Hidden = [5] }.Create(Context);
        using var scope = NewDisposeScope();
        var before = network.state_dict()["layers.linear1.weight"].clone();
        var tensors = new Dictionary<string, Tensor>
        {
            ["layers.linear1.weight"] = zeros(5, 4), ["layers.linear1.bias"] = zeros(6), ["layers.output.weight"] = zeros(3, 5), ["extra"] = zeros(1),
        };

        var e = Assert.ThrowsExactly<InvalidDataException>(() => StateDict.Load(network, tensors));

        StringAssert.Contains(e.Message, "missing are layers.output.bias; unexpected are extra; layers.linear1.bias is [6], but the network has [5].", StringComparison.Ordinal);
        TensorAssert.AreClose(before, network.state_dict()["layers.linear1.weight"], 0);
    }

    [TestMethod]
    public void Load_OfAnotherElementType_Converts()
    {
        using var network = (nn.Module<Tensor, Tensor>)new Mlp { Hidden = [] }.Create(Context);
        using var scope = NewDisposeScope();

        StateDict.Load(network, new Dictionary<string, Tensor> { ["layers.output.weight"] = ones(3, 4, ScalarType.Float64), ["layers.output.bias"] = zeros(3, ScalarType.Float64) });

        TensorAssert.AreClose(full(1, 3, 4f), network.call(ones(1, 4)), 0);
    }
}
