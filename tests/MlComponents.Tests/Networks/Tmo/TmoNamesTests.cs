namespace MlComponents.Tests.Networks;

[TestClass]
public sealed class TmoNamesTests
{
    [TestMethod]
    public void FromReference_OfAllNamesOfTheAuthorsCode_GivesEveryNameOfOurs()
    {
        var trunk = Names(new ResNet { Depth = 101 }, "features").Where(name => !name.StartsWith("fc.", StringComparison.Ordinal)).ToList();
        string[] encoders = [.. trunk.Select(name => $"vos.app_encoder.{name}"), .. trunk.Select(name => $"vos.mo_encoder.{name}")];
        string[] layers = ["predictor.conv", .. Enumerable.Range(1, 4).SelectMany(stage => new[]
        {
            $"conv{stage}.conv", $"blend{stage}.conv", $"cbam{stage}.conv1.conv", $"cbam{stage}.conv2.0.conv", $"cbam{stage}.conv2.1.conv",
            $"cbam{stage}.conv3.0.conv", $"cbam{stage}.conv3.1.conv",
        })];
        string[] decoder = [.. layers.SelectMany(layer => new[] { $"vos.decoder.{layer}.weight", $"vos.decoder.{layer}.bias" })];

        var renamed = encoders.Concat(decoder).Select(name => TmoNames.FromReference.Aggregate(name, (result, rule) => rule.Apply(result)));

        CollectionAssert.AreEquivalent(Names(new Tmo(), Tmo.ImageName, Tmo.FlowName), renamed.ToList());
    }

    private static List<string> Names(NetworkDefinition definition, params string[] inputs)
    {
        using var network = definition.Create(new NetworkContext { Inputs = inputs.ToDictionary(name => name, _ => new long[] { 3, 32, 32 }), Outputs = 2 });
        return [.. network.state_dict().Keys];
    }
}
