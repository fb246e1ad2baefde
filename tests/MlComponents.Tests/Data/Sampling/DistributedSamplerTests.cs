namespace MlComponents.Tests.Data;

[TestClass]
public sealed class DistributedSamplerTests
{
    [TestMethod]
    [DataRow(12, 4, false)]
    [DataRow(12, 4, true)]
    [DataRow(13, 4, true)]
    [DataRow(13, 4, false)]
    [DataRow(3, 5, false)]
    public void Indices_OfAllRanks_HaveEveryExampleOnceAndThePaddingTwice(int count, int worldSize, bool dropLast)
    {
        var all = new RandomSampler(count, seed: 2).Indices(epoch: 6);

        var ranks = Enumerable.Range(0, worldSize).Select(rank => new DistributedSampler(new RandomSampler(count, seed: 2), rank, worldSize, dropLast)).ToList();

        var read = ranks.SelectMany(sampler => sampler.Indices(epoch: 6)).ToList();
        Assert.HasCount(1, ranks.Select(sampler => sampler.Count).Distinct());
        if (dropLast)
            CollectionAssert.AreEquivalent(all[..(count / worldSize * worldSize)], read);
        else
            CollectionAssert.AreEquivalent(all.Concat(all.Take(read.Count - count)).ToList(), read);
        Assert.IsTrue(ranks.TrueForAll(sampler => sampler.Indices(epoch: 6).Distinct().Count() == sampler.Count && !sampler.Repeats));
    }

    [TestMethod]
    public void Create_OfWhatDoesntFit_SaysWhy()
    {
        var sampler = new SequentialSampler(3);

        StringAssert.StartsWith(Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new DistributedSampler(sampler, 2, 2)).Message, "The rank is at least 0 and below the world size, 2.");
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new DistributedSampler(sampler, -1, 2));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new DistributedSampler(sampler, 0, 0));
        StringAssert.StartsWith(
            Assert.ThrowsExactly<ArgumentException>(() => new DistributedSampler(sampler, 0, 4, dropLast: true)).Message,
            "The sampler has 3 examples, which gives 4 ranks none each: use fewer ranks, or don't drop the last.");
        StringAssert.StartsWith(
            Assert.ThrowsExactly<ArgumentException>(() => new DistributedSampler(new SequentialSampler(0), 0, 1)).Message, "The sampler has 0 examples");
    }
}
