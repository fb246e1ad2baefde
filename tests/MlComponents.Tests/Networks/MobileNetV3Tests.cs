namespace MlComponents.Tests.Networks;

[TestClass]
public sealed class MobileNetV3Tests
{
    [TestMethod]
    public void ForwardAndBackward_WithTheSameWeights_EqualTorchvision() => NetworkCase.AssertNetworks("mobilenets", 5);

    [TestMethod]
    [DataRow("mobilenet-v3-large", 5_483_032)]
    [DataRow("mobilenet-v3-small", 2_542_856)]
    public void Create_WithAThousandClasses_HasTorchvisionsWeights(string name, int parameters) => NetworkCase.AssertNames(name, parameters);

    [TestMethod]
    [DataRow("mobilenet-v3-large")]
    [DataRow("mobilenet-v3-small")]
    public void Create_AfterASeed_DrawsTheWeightsThatTorchvisionDraws(string name) => NetworkCase.AssertInitial(name);

    [TestMethod]
    public void Read_OfTheNameAlone_IsLarge()
    {
        var definition = ComponentJson.Read<NetworkDefinition>("\"mobilenet-v3\"");

        Assert.AreEqual(ComponentJson.Read<NetworkDefinition>("\"mobilenet-v3-large\""), definition);
        Assert.AreEqual(new MobileNetV3(), definition);
    }

    [TestMethod]
    public void Create_WithoutNormalization_GivesTheConvolutionsBiases()
    {
        using var network = NetworkCase.Create(new MobileNetV3 { WidthMultiplier = 0.1, Normalization = new NoNormalization() }, [1, 28, 28], outputs: 2);

        var keys = network.state_dict().Keys.ToList();

        CollectionAssert.IsSubsetOf(new[] { "features.0.0.bias", "features.2.block.0.0.bias", "features.16.0.bias" }, keys);
        Assert.IsFalse(keys.Any(key => key.EndsWith("running_mean", StringComparison.Ordinal)));
    }
}
