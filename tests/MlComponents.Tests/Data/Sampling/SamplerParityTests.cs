using System.Text.Json;

namespace MlComponents.Tests.Data;

/// <summary>The samplers against PyTorch's, whose generator gives the same numbers for the same seed.</summary>
[TestClass]
public sealed class SamplerParityTests
{
    [TestMethod]
    public void Random_OfEveryKind_IsPyTorchsOrder()
    {
        foreach (var c in Fixture.Cases("sampling", "random"))
        {
            var draws = c.GetProperty("draws").Deserialize<long?>();
            var sampler = new RandomSampler(c.GetProperty("count").GetInt64(), c.GetProperty("seed").GetInt32(), c.GetProperty("replacement").GetBoolean(), draws);

            CollectionAssert.AreEqual(Longs(c.GetProperty("order")), sampler.Indices(c.GetProperty("epoch").GetInt32()), c.ToString());
        }
    }

    [TestMethod]
    public void Subset_WithASeed_IsPyTorchsOrder()
    {
        foreach (var c in Fixture.Cases("sampling", "subset"))
            CollectionAssert.AreEqual(Longs(c.GetProperty("order")), new SubsetSampler(Longs(c.GetProperty("indices")), c.GetProperty("seed").GetInt32()).Indices(c.GetProperty("epoch").GetInt32()));
    }

    [TestMethod]
    public void Distributed_OfEveryRank_HasTheExamplesThatPyTorchGivesIt()
    {
        foreach (var c in Fixture.Cases("sampling", "distributed"))
            foreach (var (rank, expected) in c.GetProperty("ranks").EnumerateArray().Index())
            {
                var sampler = new DistributedSampler(new SubsetSampler(Longs(c.GetProperty("order"))), rank, c.GetProperty("worldSize").GetInt32(), c.GetProperty("dropLast").GetBoolean());

                CollectionAssert.AreEqual(Longs(expected), sampler.Indices(epoch: 1), $"{rank} of {c}");
                Assert.AreEqual(expected.GetArrayLength(), sampler.Count);
            }
    }

    [TestMethod]
    public void Weighted_WithReplacement_DrawsAsOftenAsPyTorch()
    {
        var c = Fixture.Cases("sampling", "weighted").Single(each => each.GetProperty("replacement").GetBoolean());
        var expected = Longs(c.GetProperty("counts"));

        var drawn = new WeightedSampler(c.GetProperty("weights").Deserialize<double[]>()!, seed: 1, draws: 20_000).Indices(epoch: 1);

        Assert.AreEqual(20_000, expected.Sum());
        var counts = Enumerable.Range(0, 5).Select(i => drawn.LongCount(each => each == i)).ToArray();
        Assert.AreEqual(0, counts[1] + expected[1]);
        Assert.IsLessThan(16.27, ChiSquare.OfBoth(expected, counts), string.Join(", ", counts));   // the 99.9% quantile of 3 degrees of freedom
    }

    [TestMethod]
    public void Weighted_WithoutReplacement_DrawsEachPairAsOftenAsPyTorch()
    {
        var c = Fixture.Cases("sampling", "weighted").Single(each => !each.GetProperty("replacement").GetBoolean());
        var expected = Longs(c.GetProperty("counts"));
        var sampler = new WeightedSampler(c.GetProperty("weights").Deserialize<double[]>()!, seed: 1, replacement: false, draws: 2);

        var counts = new long[25];
        for (var epoch = 1; epoch <= 5000; epoch++)
            if (sampler.Indices(epoch) is [var first, var second])
                counts[first * 5 + second]++;

        Assert.AreEqual(5000, counts.Sum());
        Assert.AreEqual(12, expected.Count(count => count > 0));
        Assert.IsLessThan(31.26, ChiSquare.OfBoth(expected, counts), string.Join(", ", counts));   // the 99.9% quantile of 11 degrees of freedom
    }

    private static long[] Longs(JsonElement element) => element.Deserialize<long[]>()!;
}
