namespace MlComponents.Tests.Data;

[TestClass]
public sealed class WeightedSamplerTests
{
    [TestMethod]
    public void Indices_WithReplacement_FollowTheWeights()
    {
        var counts = Counts(new WeightedSampler([1, 0, 3, 4, 2], seed: 5, draws: 10_000));

        Assert.AreEqual(0, counts[1]);
        Assert.IsLessThan(16.27, ChiSquare.Of(counts, [1000, 0, 3000, 4000, 2000]));   // the 99.9% quantile of 3 degrees of freedom
    }

    [TestMethod]
    public void Indices_WithoutReplacement_AreFirstAsOftenAsTheirWeights()
    {
        var sampler = new WeightedSampler([1, 0, 3, 4, 2], seed: 5, replacement: false, draws: 1);

        var counts = new long[5];
        for (var epoch = 1; epoch <= 5000; epoch++)
            counts[sampler.Indices(epoch)[0]]++;

        Assert.IsLessThan(16.27, ChiSquare.Of(counts, [500, 0, 1500, 2000, 1000]));
    }

    [TestMethod]
    public void Indices_WithoutReplacement_HaveNoneTwice()
    {
        var sampler = new WeightedSampler([5, 0, 1, 1, 1e-9], seed: 1, replacement: false, draws: 4);

        CollectionAssert.AreEquivalent(new long[] { 0, 2, 3, 4 }, sampler.Indices(epoch: 1));
        Assert.IsFalse(sampler.Repeats);
        Assert.IsTrue(new WeightedSampler([1, 1], seed: 1).Repeats);
    }

    [TestMethod]
    public void Indices_OfSeedAndEpoch_AreAlwaysTheSame()
    {
        foreach (var replacement in new[] { false, true })
        {
            long[] Drawn(int seed, int epoch) => new WeightedSampler([.. Enumerable.Range(1, 60).Select(i => (double)i)], seed, replacement).Indices(epoch);

            CollectionAssert.AreEqual(Drawn(1, 3), Drawn(1, 3));
            CollectionAssert.AreNotEqual(Drawn(1, 3), Drawn(1, 4));
            CollectionAssert.AreNotEqual(Drawn(1, 3), Drawn(2, 3));
        }
    }

    [TestMethod]
    public void Count_UnlessGiven_IsThatOfTheWeights()
    {
        Assert.AreEqual(3, new WeightedSampler([1, 0, 2], seed: 1).Count);
        Assert.HasCount(7, new WeightedSampler([1, 0, 2], seed: 1, draws: 7).Indices(epoch: 1));
    }

    [TestMethod]
    public void Indices_OfVeryDifferentWeights_AreThoseThatCount()
    {
        CollectionAssert.AreEqual(new long[] { 1, 1, 1 }, new WeightedSampler([1e-300, 1e300, 0], seed: 1).Indices(epoch: 1));
        CollectionAssert.AreEqual(new long[] { 2, 2, 2 }, new WeightedSampler([0, 0, 5e-324], seed: 1).Indices(epoch: 1));
    }

    [TestMethod]
    [DataRow(new[] { 1, -0.5 }, true, null, "weights[1] is -0.5, but weights are finite and at least 0.")]
    [DataRow(new[] { double.NaN, 1 }, true, null, "weights[0] is NaN, but weights are finite and at least 0.")]
    [DataRow(new[] { 1, double.PositiveInfinity }, true, null, "weights[1] is Infinity, but weights are finite and at least 0.")]
    [DataRow(new[] { 0.0, 0 }, true, null, "None of 2 weights is above 0, so there is nothing to draw from: give at least one example a weight.")]
    [DataRow(new double[0], true, null, "None of 0 weights is above 0")]
    [DataRow(new[] { 1.0, 0, 2 }, false, null, "3 examples are to be drawn without replacement, but only 2 of 3 have a weight above 0: draw fewer, or with replacement.")]
    [DataRow(new[] { 1.0, 2 }, false, 3L, "3 examples are to be drawn without replacement, but only 2 of 2")]
    [DataRow(new[] { 1.0, 2 }, true, 0L, "An epoch has at least 1 draw")]
    [DataRow(new[] { 1e308, 1e308 }, true, null, "The sum of the weights is too large for a double")]
    public void Create_OfWeightsThatDontFit_SaysWhy(double[] weights, bool replacement, long? draws, string expected)
    {
        var error = Assert.Throws<ArgumentException>(() => new WeightedSampler(weights, seed: 1, replacement, draws));

        StringAssert.StartsWith(error.Message, expected);
    }

    private static long[] Counts(WeightedSampler sampler)
    {
        var drawn = sampler.Indices(epoch: 1);
        return [.. Enumerable.Range(0, 5).Select(i => drawn.LongCount(each => each == i))];
    }
}
