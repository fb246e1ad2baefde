namespace MlComponents.Tests.Data;

[TestClass]
public sealed class TensorDatasetTests
{
    [TestMethod]
    public void Gather_OfSomeRows_CopiesThemInThatOrder()
    {
        using var scope = NewDisposeScope();
        using var data = new TensorDataset(arange(12, ScalarType.Float32).view(4, 3), tensor(new long[] { 10, 11, 12, 13 }));

        using var batch = data.Gather([2, 0, 2]);

        TensorAssert.AreClose(tensor(new float[] { 6, 7, 8, 0, 1, 2, 6, 7, 8 }).view(3, 3), batch.Features, 0);
        CollectionAssert.AreEqual(new long[] { 12, 10, 12 }, batch.Label.data<long>().ToArray());
        Assert.IsNull(batch.Weight);
    }

    [TestMethod]
    public void Gather_OfATransposedTensor_ReadsItsRowsAndNotItsMemory()
    {
        using var scope = NewDisposeScope();
        using var data = new TensorDataset(arange(6, ScalarType.Float32).view(2, 3).t(), zeros(3, ScalarType.Int64));

        using var batch = data.Gather([1]);

        CollectionAssert.AreEqual(new float[] { 1, 4 }, batch.Features.data<float>().ToArray());
    }

    [TestMethod]
    [DataRow(-1L)]
    [DataRow(4L)]
    public void Gather_OfARowThatIsNotThere_Throws(long index)
    {
        using var data = new TensorDataset(zeros(4, 3), zeros(4, ScalarType.Int64));

        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => data.Gather([index]));
    }

    [TestMethod]
    public void Constructor_OfUnequalRows_NamesTheTensor()
    {
        var e = Assert.ThrowsExactly<ArgumentException>(() => new TensorDataset(zeros(4, 3), zeros(5, ScalarType.Int64)));

        StringAssert.Contains(e.Message, "The tensor 'label' has 5 rows, but 'features' has 4.");
    }

    [TestMethod]
    public void Batch_OutOfAnyScope_LivesUntilItIsDisposed()
    {
        using var data = new TensorDataset(zeros(4, 3), zeros(4, ScalarType.Int64));
        Batch batch;

        using (NewDisposeScope())
            batch = data.Gather([0, 1]);

        Assert.AreEqual(2, batch.Features.shape[0]);
        var before = Tensor.TotalCount;
        batch.Dispose();
        Assert.AreEqual(before - 2, Tensor.TotalCount);
    }

    [TestMethod]
    public void Batch_OfAScalar_NamesIt()
    {
        using var scope = NewDisposeScope();

        var e = Assert.ThrowsExactly<ArgumentException>(() => new Batch([KeyValuePair.Create("image", zeros(2, 3)), KeyValuePair.Create("label", tensor(1))]));

        StringAssert.StartsWith(e.Message, "The tensor 'label' is a scalar; its first dimension must be the examples.");
    }

    [TestMethod]
    public void Batch_AskedForATensorItLacks_ListsThoseItHas()
    {
        using var batch = new Batch([KeyValuePair.Create("image", zeros(1, 3))]);

        var e = Assert.ThrowsExactly<KeyNotFoundException>(() => batch.Features);

        StringAssert.Contains(e.Message, "no tensor 'features'; it has image");
    }
}
