namespace MlComponents.Tests.Data;

[TestClass]
public sealed class BatchTests
{
    [TestMethod]
    public void Rows_InTheMiddle_SharesTheMemoryOfTheBatch()
    {
        using var batch = new Batch([KeyValuePair.Create(Batch.LabelName, arange(5, ScalarType.Int64))]);

        using var rows = batch.Rows(1, 3);
        batch.Label.fill_(7);

        Assert.AreEqual(3, rows.Count);
        CollectionAssert.AreEqual(new long[] { 7, 7, 7 }, rows.Label.data<long>().ToArray());
    }

    [TestMethod]
    [DataRow(-1, 1)]
    [DataRow(0, -1)]
    [DataRow(0, 6)]
    [DataRow(5, 1)]
    public void Rows_ThatTheBatchHasNot_AreRefused(int start, int count)
    {
        using var batch = new Batch([KeyValuePair.Create(Batch.LabelName, arange(5, ScalarType.Int64))]);

        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => batch.Rows(start, count));
    }
}
