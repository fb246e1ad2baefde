namespace MlComponents.Tests.Data;

[TestClass]
public sealed class MapDatasetTests
{
    [TestMethod]
    public void ReadNumbers_OfATensor_AreThoseOfEveryExample()
    {
        using var data = new TensorDataset(zeros(600, 2), arange(600), 0.5f * arange(600).to(ScalarType.Float32).view(600, 1));   // three chunks
        var subset = new Subset(data, Enumerable.Range(0, 600).Reverse().Select(i => (long)i).ToArray());

        CollectionAssert.AreEqual(Enumerable.Range(0, 600).Select(i => (double)i).ToArray(), data.ReadNumbers("label"));
        CollectionAssert.AreEqual(Enumerable.Range(0, 600).Select(i => 0.5 * i).ToArray(), data.ReadNumbers("weight"));
        CollectionAssert.AreEqual(Enumerable.Range(0, 600).Reverse().Select(i => (double)i).ToArray(), subset.ReadNumbers("label"));
    }

    [TestMethod]
    public void ReadNumbers_OfExamplesOneByOne_ReadsThemAll()
    {
        CollectionAssert.AreEqual(Enumerable.Range(0, 300).Select(i => (double)i).ToArray(), new Counted(300).ReadNumbers("label"));
        TensorAssert.LeavesOnly(0, () => new Counted(3).ReadNumbers("label"));
    }

    [TestMethod]
    public void GatherTensor_OfEveryDataSet_IsThatOfTheBatch()
    {
        using var data = new TensorDataset(arange(12).view(4, 3), arange(4));
        using var scope = NewDisposeScope();

        CollectionAssert.AreEqual(new long[] { 6, 7, 8, 0, 1, 2 }, data.GatherTensor("features", [2, 0]).data<long>().ToArray());
        CollectionAssert.AreEqual(new long[] { 3, 4, 5 }, new Subset(data, new long[] { 3, 1 }).GatherTensor("features", [1]).data<long>().ToArray());
        CollectionAssert.AreEqual(new long[] { 4, 1 }, new Counted(5).GatherTensor("label", [4, 1]).data<long>().ToArray());
        TensorAssert.LeavesOnly(1, () => data.GatherTensor("label", [1]));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => data.GatherTensor("label", [4]));
        Assert.ThrowsExactly<KeyNotFoundException>(() => data.GatherTensor("nothing", [0]));
    }

    [TestMethod]
    public void ReadNumbers_OfWhatIsNoNumber_SaysWhy()
    {
        using var data = new TensorDataset(zeros(4, 3), arange(4));

        StringAssert.StartsWith(Assert.ThrowsExactly<ArgumentException>(() => data.ReadNumbers("weight")).Message, "The data set has no tensor 'weight'; it has features, label.");
        StringAssert.StartsWith(Assert.ThrowsExactly<ArgumentException>(() => data.ReadNumbers("features")).Message, "One 'features' has the shape [3], but one number for each example is needed here.");
    }

    [TestMethod]
    public void ReadNumbers_OfADataSetThatGivesTooFew_SaysWhere()
    {
        var error = Assert.ThrowsExactly<InvalidDataException>(() => new Short().ReadNumbers("label"));

        Assert.AreEqual("The data set gave 44 numbers 'label' of 256 examples, from 256 on: it must give one of each.", error.Message);
    }

    private sealed class Counted(int count) : ExampleDataset
    {
        public override long Count => count;

        public override IReadOnlyDictionary<string, long[]> Shapes { get; } = new Dictionary<string, long[]> { ["features"] = [2], ["label"] = [] };

        public override Example Read(long index) => new(new Dictionary<string, Tensor> { ["features"] = zeros(2), ["label"] = tensor(index) });
    }

    /// <summary>Says that it has 600 examples, and has 300.</summary>
    private sealed class Short : MapDataset
    {
        public override long Count => 600;

        public override IReadOnlyDictionary<string, long[]> Shapes { get; } = new Dictionary<string, long[]> { ["label"] = [] };

        public override Batch Gather(ReadOnlySpan<long> indices) => new([KeyValuePair.Create("label", tensor(indices.ToArray().Where(index => index < 300).ToArray()))]);
    }
}
