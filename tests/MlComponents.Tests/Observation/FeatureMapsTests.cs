namespace MlComponents.Tests.Observation;

[TestClass]
public sealed class FeatureMapsTests
{
    [TestMethod]
    public void Record_OfAConvolution_IsWhatItReturned()
    {
        using var scope = NewDisposeScope();
        using var network = nn.Sequential(("conv", nn.Conv2d(1, 3, 1, bias: false)), ("flat", nn.Flatten()));
        using (no_grad())
            network.get_parameter("conv.weight")!.copy_(tensor(new[] { 2f, -4, 0 }).view(3, 1, 1, 1));
        var x = tensor(new[] { 1f, 3, 2, 4 }).view(1, 1, 2, 2);

        var maps = FeatureMaps.Record(network, x, "*");

        CollectionAssert.AreEqual(new[] { "conv" }, maps.Keys.ToArray());
        TensorAssert.AreClose(tensor(new[] { 2f, 6, 4, 8, -4, -12, -8, -16, 0, 0, 0, 0 }).view(1, 3, 2, 2), maps["conv"], 1e-6);
    }

    [TestMethod]
    public void Record_LeavesTheNetworkAndOnlyItsMaps()
    {
        using var scope = NewDisposeScope();
        var frozen = nn.BatchNorm2d(3);
        using var network = nn.Sequential(("conv", nn.Conv2d(1, 3, 1)), ("norm", nn.BatchNorm2d(3)), ("frozen", frozen));
        frozen.eval();
        var x = randn(2, 1, 4, 4);

        TensorAssert.LeavesOnly(2, () => FeatureMaps.Record(network, x, "conv", "norm"));

        Assert.IsTrue(network.training);
        Assert.IsFalse(frozen.training);
        Assert.AreEqual(0, network.get_buffer("norm.num_batches_tracked")!.item<long>());
        Assert.AreEqual(0, HookCount.Of(network));
    }

    [TestMethod]
    public void Record_OfModulesWithoutMaps_IsRefused()
    {
        using var scope = NewDisposeScope();
        using var network = nn.Sequential(("linear", nn.Linear(2, 2)));

        Assert.StartsWith("None of the modules linear returned maps, [N, C, H, W]: choose convolutions, or blocks of them.",
            Assert.ThrowsExactly<ArgumentException>(() => FeatureMaps.Record(network, ones(1, 2), "*")).Message);
    }
}
