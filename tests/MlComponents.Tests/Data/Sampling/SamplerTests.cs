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
    public void Random_OfMoreDrawsThanExamples_SeesNoneAgainBeforeAll()
    {
        var sampler = new RandomSampler(5, seed: 1, draws: 12);

        var drawn = sampler.Indices(epoch: 1);

        Assert.AreEqual(12, sampler.Count);
        Assert.IsTrue(sampler.Repeats);
        CollectionAssert.AreEquivalent(new long[] { 0, 1, 2, 3, 4 }, drawn[..5]);
        CollectionAssert.AreEquivalent(new long[] { 0, 1, 2, 3, 4 }, drawn[5..10]);
        Assert.AreNotEqual(drawn[10], drawn[11]);
    }

    /// <summary>The numbers are copied in pieces of 131,072.</summary>
    [TestMethod]
    public void Random_OfManyExamples_SeesNoneAgainBeforeAll()
    {
        var drawn = new RandomSampler(200_000, seed: 1, draws: 350_000).Indices(epoch: 1);

        CollectionAssert.AreEqual(Enumerable.Range(0, 200_000).Select(i => (long)i).ToArray(), drawn[..200_000].Order().ToArray());
        Assert.AreEqual(150_000, drawn[200_000..].Distinct().Count());
        Assert.IsInRange(0, 199_999, drawn[200_000..].Min());
        Assert.IsInRange(0, 199_999, drawn[200_000..].Max());
    }

    [TestMethod]
    public void Random_WithReplacement_DrawsEachEquallyOften()
    {
        var counts = Counts(new RandomSampler(4, seed: 3, replacement: true, draws: 4000).Indices(epoch: 1), 4);

        Assert.IsLessThan(16.27, ChiSquare.Of(counts, [1000, 1000, 1000, 1000]));   // the 99.9% quantile of 3 degrees of freedom
        Assert.IsGreaterThan(0, ChiSquare.Of(counts, [1000, 1000, 1000, 1000]));    // without replacement it would be even
    }

    [TestMethod]
    public void Random_OfCountsThatDontFit_IsRefused()
    {
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new RandomSampler(-1, seed: 1));
        StringAssert.StartsWith(Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new RandomSampler(3, seed: 1, draws: 0)).Message, "An epoch has at least 1 draw");
        StringAssert.StartsWith(Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new RandomSampler(0, seed: 1, draws: 2)).Message, "There are no examples to draw from");
        Assert.IsEmpty(new RandomSampler(0, seed: 1, replacement: true).Indices(1));
    }

    [TestMethod]
    public void Subset_OfNumbers_KeepsTheirOrderOrShufflesThem()
    {
        long[] numbers = [.. Enumerable.Range(0, 50).Select(i => (long)i * i)];

        var ordered = new SubsetSampler(numbers);
        var shuffled = new SubsetSampler(numbers, seed: 1);

        CollectionAssert.AreEqual(numbers, ordered.Indices(epoch: 4));
        CollectionAssert.AreEquivalent(numbers, shuffled.Indices(epoch: 1));
        CollectionAssert.AreNotEqual(numbers, shuffled.Indices(epoch: 1));
        CollectionAssert.AreNotEqual(shuffled.Indices(epoch: 1), shuffled.Indices(epoch: 2));
        CollectionAssert.AreEqual(shuffled.Indices(epoch: 2), shuffled.Indices(epoch: 2));
        Assert.AreEqual(50, shuffled.Count);
        Assert.IsFalse(shuffled.Repeats);
        Assert.IsTrue(new SubsetSampler([3, 3]).Repeats);
    }

    [TestMethod]
    public void Subset_OfANegativeNumber_IsRefused()
    {
        var error = Assert.ThrowsExactly<ArgumentException>(() => new SubsetSampler([4, -2]));

        StringAssert.StartsWith(error.Message, "indices[1] is -2, but examples are counted from 0.");
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

    private static long[] Counts(long[] drawn, int examples) => [.. Enumerable.Range(0, examples).Select(i => (long)drawn.Count(each => each == i))];
}
