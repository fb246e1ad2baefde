namespace MlComponents.Tests.Data;

[TestClass]
public sealed class ClassBalancedSamplerTests
{
    // 60 examples of class 0, 30 of class 1, 10 of class 2, mixed
    private static readonly long[] Labels = [.. Enumerable.Range(0, 100).Select(i => i % 10 == 9 ? 2L : i % 10 >= 6 ? 1 : 0)];

    [TestMethod]
    [DataRow(null, 34, 33)]
    [DataRow(12L, 4, 4)]
    [DataRow(200L, 67, 66)]
    public void Indices_ByDefault_HaveEveryClassEquallyOften(long? draws, int most, int fewest)
    {
        var sampler = new ClassBalancedSampler(Labels, seed: 1, draws);

        for (var epoch = 1; epoch <= 3; epoch++)
        {
            var counts = Counts(sampler, epoch);
            Assert.AreEqual(draws ?? 100, counts.Sum());
            Assert.AreEqual(most, counts.Max());
            Assert.AreEqual(fewest, counts.Min());
        }
    }

    [TestMethod]
    public void Indices_OfSeveralEpochs_GiveWhatIsLeftOverToEachClass()
    {
        var sampler = new ClassBalancedSampler(Labels, seed: 1);

        var larger = Enumerable.Range(1, 30).Select(epoch => Array.IndexOf(Counts(sampler, epoch), 34)).Distinct();

        CollectionAssert.AreEquivalent(new[] { 0, 1, 2 }, larger.ToArray());
    }

    [TestMethod]
    public void Indices_OfAClass_HaveNoneAgainBeforeAll()
    {
        var drawn = new ClassBalancedSampler(Labels, seed: 1, draws: 90).Indices(epoch: 1);   // 30 of each class

        Assert.HasCount(30, drawn.Where(i => Labels[i] == 0).Distinct());
        CollectionAssert.AreEquivalent(Enumerable.Range(0, 100).Where(i => Labels[i] == 1).ToArray(), drawn.Where(i => Labels[i] == 1).Select(i => (int)i).ToArray());
        foreach (var times in drawn.Where(i => Labels[i] == 2).CountBy(i => i))
            Assert.AreEqual(3, times.Value);
    }

    [TestMethod]
    public void Indices_OfAnEpoch_AreMixed()
    {
        var drawn = new ClassBalancedSampler(Labels, seed: 1).Indices(epoch: 1);

        var changes = drawn.Zip(drawn.Skip(1)).Count(pair => Labels[pair.First] != Labels[pair.Second]);
        Assert.IsGreaterThan(45, changes);   // of 99 neighbours 2/3 differ on average; class by class only 2 would
    }

    [TestMethod]
    public void Indices_OfSeedAndEpoch_AreAlwaysTheSame()
    {
        CollectionAssert.AreEqual(new ClassBalancedSampler(Labels, seed: 1).Indices(3), new ClassBalancedSampler(Labels, seed: 1).Indices(3));
        CollectionAssert.AreNotEqual(new ClassBalancedSampler(Labels, seed: 1).Indices(3), new ClassBalancedSampler(Labels, seed: 1).Indices(4));
        CollectionAssert.AreNotEqual(new ClassBalancedSampler(Labels, seed: 1).Indices(3), new ClassBalancedSampler(Labels, seed: 2).Indices(3));
    }

    [TestMethod]
    public void Indices_WithClassWeights_HaveClassesInProportion()
    {
        // 60·1 : 30·2 : 10·8 = 60 : 60 : 80
        CollectionAssert.AreEqual(new long[] { 30, 30, 40 }, Counts(new ClassBalancedSampler(Labels, seed: 1, classWeights: [1, 2, 8]), 1));
        CollectionAssert.AreEqual(new long[] { 60, 30, 10 }, Counts(new ClassBalancedSampler(Labels, seed: 1, classWeights: [0.5, 0.5, 0.5]), 1));
        CollectionAssert.AreEqual(new long[] { 50, 0, 50 }, Counts(new ClassBalancedSampler(Labels, seed: 1, classWeights: [1, 0, 6]), 1));
    }

    [TestMethod]
    public void Repeats_IsWhetherAClassIsDrawnMoreOftenThanItHasExamples()
    {
        Assert.IsTrue(new ClassBalancedSampler(Labels, seed: 1).Repeats);
        Assert.IsFalse(new ClassBalancedSampler(Labels, seed: 1, draws: 30).Repeats);
        Assert.IsTrue(new ClassBalancedSampler(Labels, seed: 1, draws: 31).Repeats);
    }

    [TestMethod]
    [DataRow(new long[] { 0, 2, 2 }, null, "Class 1 of 3 has no examples, so it can't be drawn: give it some, or number the classes without gaps.")]
    [DataRow(new long[] { 0, -1 }, null, "labels[1] is -1, but classes are counted from 0.")]
    [DataRow(new long[0], null, "There are no labels to count.")]
    [DataRow(new long[] { 0, 1 }, new[] { 1.0 }, "There are 1 class weights for 2 classes: give each class one.")]
    [DataRow(new long[] { 0, 1 }, new[] { 1, double.NaN }, "The weight of class 1 is NaN, but weights are finite and at least 0.")]
    [DataRow(new long[] { 0, 1 }, new[] { -1.5, 1 }, "The weight of class 0 is -1.5, but weights are finite and at least 0.")]
    [DataRow(new long[] { 0, 1, 1 }, new[] { 1, 1e308 }, "The sum of the weights of all examples is too large for a double")]
    [DataRow(new long[] { 0, 1 }, new[] { 0.0, 0 }, "The weights of all classes are 0, so there is nothing to draw from")]
    public void Create_OfWhatDoesntFit_SaysWhy(long[] labels, double[]? weights, string expected)
    {
        var error = Assert.Throws<ArgumentException>(() => new ClassBalancedSampler(labels, seed: 1, classWeights: weights));

        StringAssert.StartsWith(error.Message, expected);
    }

    [TestMethod]
    public void InverseFrequency_OfAPower_IsThatOfTheFormula()
    {
        // scikit-learn's compute_class_weight("balanced"): 100 / (3·n)
        AreClose([100 / 180.0, 100 / 90.0, 100 / 30.0], ClassBalance.InverseFrequency([60, 30, 10]));
        AreClose([1, 1, 1], ClassBalance.InverseFrequency([60, 30, 10], power: 0));
        // n^-1/2 of 4 and 16 is 1/2 and 1/4; their mean over 20 examples is (2 + 4)/20 = 0.3
        AreClose([0.5 / 0.3, 0.25 / 0.3], ClassBalance.InverseFrequency([4, 16], power: 0.5));
    }

    [TestMethod]
    public void EffectiveNumber_OfBeta_IsThatOfThePaper()
    {
        // E = (1 − 0.5ⁿ)/(1 − 0.5): 1 for n = 1, 1.75 for n = 3; weights 1 and 4/7, whose mean over 4 examples is (1 + 12/7)/4 = 19/28
        AreClose([28 / 19.0, 16 / 19.0], ClassBalance.EffectiveNumber([1, 3], beta: 0.5));
        AreClose([1, 1], ClassBalance.EffectiveNumber([1, 3], beta: 0));
    }

    [TestMethod]
    public void Weights_OfWhatDoesntFit_AreRefused()
    {
        StringAssert.StartsWith(Assert.ThrowsExactly<ArgumentException>(() => ClassBalance.InverseFrequency([3, 0])).Message, "Class 1 has 0 examples, but a weight by their number needs at least 1");
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => ClassBalance.InverseFrequency([3], power: 1.5));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => ClassBalance.InverseFrequency([3], power: double.NaN));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => ClassBalance.EffectiveNumber([3], beta: 1));
        CollectionAssert.AreEqual(new long[] { 2, 0, 1 }, ClassBalance.Counts([0, 2, 0]));
    }

    private static long[] Counts(Sampler sampler, int epoch)
    {
        var drawn = sampler.Indices(epoch);
        return [.. Enumerable.Range(0, 3).Select(label => drawn.LongCount(i => Labels[i] == label))];
    }

    private static void AreClose(double[] expected, double[] actual)
    {
        Assert.HasCount(expected.Length, actual);
        foreach (var (a, b) in expected.Zip(actual))
            Assert.AreEqual(a, b, 1e-12);
    }
}
