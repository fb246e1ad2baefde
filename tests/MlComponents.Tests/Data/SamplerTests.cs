namespace MlComponents.Tests.Data;

[TestClass]
public sealed class SamplerTests
{
    [TestMethod]
    public void Random_OfOneEpoch_SeesEveryRowOnce() =>
        CollectionAssert.AreEquivalent(Enumerable.Range(0, 100).Select(i => (long)i).ToArray(), new RandomSampler(100, seed: 1).Indices(epoch: 1));

    [TestMethod]
    public void Random_OfSeedAndEpoch_IsAlwaysTheSameOrder()
    {
        CollectionAssert.AreEqual(new RandomSampler(100, seed: 1).Indices(epoch: 3), new RandomSampler(100, seed: 1).Indices(epoch: 3));
        CollectionAssert.AreNotEqual(new RandomSampler(100, seed: 1).Indices(epoch: 3), new RandomSampler(100, seed: 1).Indices(epoch: 4));
        CollectionAssert.AreNotEqual(new RandomSampler(100, seed: 1).Indices(epoch: 3), new RandomSampler(100, seed: 2).Indices(epoch: 3));
    }

    [TestMethod]
    public void Random_LeavesTheGlobalGeneratorAlone()
    {
        random.manual_seed(5);
        var expected = rand(3).data<float>().ToArray();
        random.manual_seed(5);

        new RandomSampler(100, seed: 1).Indices(epoch: 1);

        CollectionAssert.AreEqual(expected, rand(3).data<float>().ToArray());
    }

    [TestMethod]
    public void Sequential_IsTheOrderOfTheData() =>
        CollectionAssert.AreEqual(new long[] { 0, 1, 2 }, new SequentialSampler(3).Indices(epoch: 9));

    [TestMethod]
    public void Loader_OfEmptyBatches_IsRefused()
    {
        using var data = new TensorDataset(zeros(10, 3), arange(10));

        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new DataLoader(data, new SequentialSampler(10), 0, CPU));
    }

    [TestMethod]
    public void Loader_OfARaggedEpoch_GivesTheRestInItsLastBatch()
    {
        using var data = new TensorDataset(zeros(10, 3), arange(10));
        var loader = new DataLoader(data, new SequentialSampler(10), 4, CPU);

        var batches = loader.Epoch(1).Select(batch => batch.Label.data<long>().ToArray()).ToList();

        Assert.AreEqual(3, loader.Count);
        CollectionAssert.AreEqual(new long[] { 8, 9 }, batches[2]);
    }
}
