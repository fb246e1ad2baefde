namespace MlComponents.Tests.Data;

[TestClass]
public sealed class BucketedBatchesTests
{
    private static readonly long[] Lengths = [.. Enumerable.Range(0, 103).Select(i => (long)(i * 37 % 50))];

    [TestMethod]
    public void Batches_OfAnEpoch_HaveEveryExampleOnce()
    {
        var batches = Create().Batches(epoch: 2);

        Assert.HasCount(11, batches);
        Assert.AreEqual(11, Create().Count);
        CollectionAssert.AreEquivalent(Enumerable.Range(0, 103).Select(i => (long)i).ToArray(), batches.SelectMany(batch => batch.ToArray()).ToArray());
        Assert.HasCount(1, batches.Where(batch => batch.Length != 10));
    }

    [TestMethod]
    public void Batches_OfOneWindow_AreThoseOfAllExamplesSorted()
    {
        var sorted = Lengths.Order().Chunk(10).Select(chunk => string.Join(",", chunk));

        var batches = Create(windowBatches: 100).Batches(epoch: 2).Select(batch => string.Join(",", batch.ToArray().Select(i => Lengths[i])));

        CollectionAssert.AreEquivalent(sorted.ToArray(), batches.ToArray());
    }

    [TestMethod]
    public void Batches_OfSmallWindows_MixMoreAndPadMore()
    {
        Assert.IsLessThan(Padding(Create(windowBatches: 2)), Padding(Create(windowBatches: 5)));
        Assert.IsLessThan(Padding(new SizedBatches(new RandomSampler(103, seed: 1), 10)), Padding(Create(windowBatches: 2)));

        static long Padding(BatchSampler batches) => batches.Batches(epoch: 1).Sum(batch => batch.Length * batch.ToArray().Max(i => Lengths[i])) - Lengths.Sum();
    }

    [TestMethod]
    public void Batches_OfTheirSeedAndEpoch_AreInAnOrderOfTheirOwn()
    {
        static List<string> Texts(int epoch, int seed) =>
            [.. new BucketedBatches(new SequentialSampler(103), Lengths, 10, seed).Batches(epoch).Select(batch => string.Join(",", batch.ToArray()))];

        CollectionAssert.AreEqual(Texts(1, 1), Texts(1, 1));
        CollectionAssert.AreNotEqual(Texts(1, 1), Texts(2, 1));
        CollectionAssert.AreNotEqual(Texts(1, 1), Texts(1, 2));
        CollectionAssert.AreEquivalent(Texts(1, 1), Texts(2, 1));
    }

    [TestMethod]
    public void Batches_WithDropLast_LeaveOutTheSmallOne()
    {
        var sampler = new BucketedBatches(new RandomSampler(103, seed: 1), Lengths, 10, seed: 1, windowBatches: 3, dropLast: true);

        Assert.AreEqual(10, sampler.Count);
        Assert.HasCount(10, sampler.Batches(epoch: 1));
        Assert.IsTrue(sampler.Batches(epoch: 1).All(batch => batch.Length == 10));
        Assert.IsTrue(new BucketedBatches(new RandomSampler(103, seed: 1, draws: 104), Lengths, 10, seed: 1).Repeats);
    }

    [TestMethod]
    public void Loader_OfTheBatches_ReadsTheirExamples()
    {
        using var data = new TensorDataset(zeros(103, 1), arange(103));
        using var loader = new DataLoader(data, Create(), CPU);

        var read = loader.Epoch(3).Select(batch => string.Join(",", batch.Label.data<long>().ToArray())).ToList();

        Assert.AreEqual(11, loader.Count);
        CollectionAssert.AreEqual(Create().Batches(epoch: 3).Select(batch => string.Join(",", batch.ToArray())).ToList(), read);
    }

    [TestMethod]
    public void Create_OfWhatDoesntFit_SaysWhy()
    {
        var sampler = new SequentialSampler(3);

        StringAssert.StartsWith(Assert.ThrowsExactly<ArgumentException>(() => new BucketedBatches(sampler, [1, -1, 2], 2, seed: 1)).Message, "lengths[1] is -1, but lengths are at least 0.");
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new BucketedBatches(sampler, [1, 1, 2], 0, seed: 1));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new BucketedBatches(sampler, [1, 1, 2], 2, seed: 1, windowBatches: 0));
        Assert.AreEqual(
            "The sampler has the example 2, but there are only 2 lengths: give every example of the data set one.",
            Assert.ThrowsExactly<InvalidOperationException>(() => new BucketedBatches(sampler, [1, 1], 2, seed: 1).Batches(1)).Message);
    }

    private static BucketedBatches Create(int windowBatches = 4) => new(new RandomSampler(103, seed: 1), Lengths, batchSize: 10, seed: 1, windowBatches);
}
