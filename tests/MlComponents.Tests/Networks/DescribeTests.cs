namespace MlComponents.Tests.Networks;

[TestClass]
public sealed class DescribeTests
{
    [TestMethod]
    public void Describe_OfAPerceptron_CountsByHand()
    {
        var description = new Mlp { Hidden = [5] }.Describe([2, 3], outputs: 4);

        Assert.AreEqual(nameof(Mlp), description.Kind);
        Assert.AreEqual(6 * 5 + 5 + 5 * 4 + 4, description.Parameters);
        Assert.AreEqual(0, description.Buffers);
        CollectionAssert.AreEqual(new long[] { 2, 3 }, description.InputShape.ToArray());
        CollectionAssert.AreEqual(new long[] { 4 }, description.OutputShape.ToArray());
    }

    [TestMethod]
    public void Describe_OfAConvNet_NamesItsPartsWithTheirShapes()
    {
        var description = new ConvNet { Blocks = [new() { Channels = 3 }], Hidden = 7 }.Describe([1, 8, 6], outputs: 2);

        var parts = description.Parts.ToDictionary(part => part.Path);
        CollectionAssert.AreEqual(new long[] { 3, 8, 6 }, parts["blocks.conv1_1"].OutputShape!.ToArray());
        CollectionAssert.AreEqual(new long[] { 3, 4, 3 }, parts["blocks"].OutputShape!.ToArray());
        CollectionAssert.AreEqual(new long[] { 7 }, parts["hidden"].OutputShape!.ToArray());
        Assert.AreEqual(1 * 3 * 3 * 3, parts["blocks.conv1_1"].Parameters);
        Assert.AreEqual(0, parts["blocks"].Parameters);
        Assert.AreEqual(3 + 3 + 1, description.Buffers);
        Assert.AreEqual(description.Parameters, description.Parts.Sum(part => part.Parameters));
    }

    [TestMethod]
    public void Describe_OfAFlatVector_SeesItAsInputShape()
    {
        var network = new ConvNet { InputShape = [1, 8, 6] };

        var description = network.Describe([48], outputs: 2);
        var error = Assert.ThrowsExactly<ArgumentException>(() => network.Describe([47], outputs: 2));

        CollectionAssert.AreEqual(new long[] { 48 }, description.InputShape.ToArray());
        Assert.AreEqual(network.Describe([1, 8, 6], outputs: 2).Parameters, description.Parameters);
        Assert.AreEqual("The network takes examples of shape [1, 8, 6], but the data has [47]: change InputShape or the features.", error.Message);
    }

    [TestMethod]
    public void Describe_OfAShapeThatIsChangedAfterwards_RemembersTheOldOne()
    {
        var network = new Mlp();
        long[] shape = [2, 3];
        network.Describe(shape, outputs: 4);

        shape[0] = 5;

        CollectionAssert.AreEqual(new long[] { 2, 3 }, network.Describe([2, 3], outputs: 4).InputShape.ToArray());
    }

    [TestMethod]
    public void Describe_ForAnotherType_CountsTheSame()
    {
        var network = NetworkDefinition.From(context => nn.Linear(context.InputSize, context.Outputs).to(context.DType));

        Assert.AreEqual(8, network.Describe(NetworkContext.Of([3], outputs: 2) with { DType = ScalarType.Float64 }).Parameters);
    }

    [TestMethod]
    public void Describe_Twice_BuildsOnce()
    {
        var built = 0;
        var network = NetworkDefinition.From(context =>
        {
            built++;
            return nn.Linear(context.InputSize, context.Outputs);
        });

        var first = network.Describe([3], outputs: 2);
        var again = network.Describe([3], outputs: 2);
        var other = network.Describe([4], outputs: 2);

        Assert.AreSame(first, again);
        Assert.AreEqual(10, other.Parameters);
        Assert.AreEqual(2, built);
    }

    [TestMethod]
    public void Describe_OfANetwork_LeavesNeitherTensorsNorTheGeneratorChanged()
    {
        using var scope = NewDisposeScope();
        manual_seed(5);
        var expected = rand(1).item<float>();

        manual_seed(5);
        TensorAssert.LeavesOnly(0, () => new ConvNet().Describe([3, 8, 8], outputs: 2));

        Assert.AreEqual(expected, rand(1).item<float>());
    }

    [TestMethod]
    public void Describe_WithoutAnInputThatTheNetworkTakes_SaysWhichThereAre()
    {
        var context = new NetworkContext { Inputs = new Dictionary<string, long[]> { ["image"] = [3] }, Outputs = 1 };

        var error = Assert.ThrowsExactly<ArgumentException>(() => NetworkDefinition.From(_ => nn.Linear(3, 1)).Describe(context));

        Assert.StartsWith("The network takes an input 'features', but the context has image.", error.Message);
    }
}
