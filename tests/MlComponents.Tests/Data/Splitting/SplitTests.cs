namespace MlComponents.Tests.Data;

[TestClass]
public sealed class SplitTests
{
    // 60 of a, 30 of b, 9 of c, 1 of d, mixed
    private static readonly string[] Labels = [.. Enumerable.Range(0, 100).Select(i => i == 99 ? "d" : i % 10 == 9 ? "c" : i % 10 >= 6 ? "b" : "a")];

    [TestMethod]
    public void Random_OfASeed_HoldsBackTheBeginningOfPyTorchsOrder()
    {
        var order = Fixture.Cases("sampling", "random")[0].GetProperty("order").EnumerateArray().Select(index => index.GetInt64()).ToArray();   // of 10, seed 7, epoch 0

        var split = Split.Random(10, 0.3, seed: 7);

        CollectionAssert.AreEqual(order[..3], split.Validation.ToArray());
        CollectionAssert.AreEqual(order[3..], split.Training.ToArray());
    }

    [TestMethod]
    [DataRow(10, 0.01, 1)]
    [DataRow(10, 0.26, 3)]
    [DataRow(10, 0.99, 9)]
    [DataRow(2, 0.5, 1)]
    public void Random_OfAFraction_RoundsItAndLeavesNoPartEmpty(int count, double fraction, int heldBack)
    {
        var split = Split.Random(count, fraction, seed: 1);

        Assert.AreEqual(heldBack, split.Validation.Length);
        AreDisjoint(split, count);
    }

    [TestMethod]
    [DataRow(0.1, 6, 3, 1, 0)]
    [DataRow(0.25, 15, 8, 2, 0)]   // shares of 15, 7.5, 2.25 and 0.25
    [DataRow(0.5, 30, 15, 5, 0)]   // the 50th goes to c, whose share is 4.5; the last d stays
    [DataRow(0.95, 57, 29, 8, 0)]  // shares of 57, 28.5, 8.55 and 0.95: c and d keep one to learn from, so 94 are held back
    public void Stratified_OfAFraction_HoldsBackEachClasssShare(double fraction, int a, int b, int c, int d)
    {
        var split = Split.Stratified(Labels, fraction, seed: 1);

        AreDisjoint(split, 100);
        var counts = split.Validation.ToArray().CountBy(i => Labels[i]).ToDictionary();
        CollectionAssert.AreEqual(new[] { a, b, c, d }, new[] { "a", "b", "c", "d" }.Select(label => counts.GetValueOrDefault(label)).ToArray());
    }

    [TestMethod]
    public void Stratified_OfEqualRemainders_GivesThemToClassesThatTheSeedDraws()
    {
        int[] labels = [.. Enumerable.Range(0, 20).Select(i => i / 5)];   // 4 classes of 5, of which 1.5 each are held back

        var drawn = Enumerable.Range(1, 20).Select(seed => Split.Stratified(labels, 0.3, seed).Validation.ToArray().CountBy(i => labels[i]).Where(each => each.Value == 2).Select(each => each.Key).ToList()).ToList();

        Assert.IsTrue(drawn.TrueForAll(classes => classes.Count == 2));
        Assert.HasCount(4, drawn.SelectMany(classes => classes).Distinct());
    }

    [TestMethod]
    public void Grouped_OfAFraction_KeepsGroupsTogetherAndComesNearIt()
    {
        string[] groups = [.. Enumerable.Range(0, 100).Select(i => $"person {i % 25}")];   // 25 of 4

        var split = Split.Grouped(groups, 0.2, seed: 1);

        AreDisjoint(split, 100);
        Assert.AreEqual(20, split.Validation.Length);
        Assert.IsEmpty(split.Training.ToArray().Select(i => groups[i]).Intersect(split.Validation.ToArray().Select(i => groups[i])));
        CollectionAssert.AreNotEquivalent(split.Validation.ToArray(), Split.Grouped(groups, 0.2, seed: 2).Validation.ToArray());
    }

    [TestMethod]
    [DataRow(new[] { 1, 1, 1, 1, 1, 2, 2, 2, 2 }, 0.1, 4)]    // no group comes nearer to 1 of 9 than none: the smallest
    [DataRow(new[] { 1, 1, 1, 1, 1, 2, 2, 2, 2, 2 }, 0.9, 5)] // both together would leave nothing to learn from
    [DataRow(new[] { 1, 2 }, 0.5, 1)]
    public void Grouped_OfFewGroups_LeavesNoPartEmpty(int[] groups, double fraction, int heldBack)
    {
        for (var seed = 1; seed <= 5; seed++)
        {
            var split = Split.Grouped(groups, fraction, seed);

            AreDisjoint(split, groups.Length);
            Assert.AreEqual(heldBack, split.Validation.Length);
        }
    }

    [TestMethod]
    public void Every_OfASeed_IsAlwaysTheSame()
    {
        foreach (var split in new Func<int, Split>[] { seed => Split.Random(100, 0.2, seed), seed => Split.Stratified(Labels, 0.2, seed), seed => Split.Grouped([.. Enumerable.Range(0, 100).Select(i => i / 3)], 0.2, seed) })
        {
            CollectionAssert.AreEqual(split(1).Training.ToArray(), split(1).Training.ToArray());
            CollectionAssert.AreEqual(split(1).Validation.ToArray(), split(1).Validation.ToArray());
            CollectionAssert.AreNotEqual(split(1).Validation.ToArray(), split(2).Validation.ToArray());
        }
    }

    [TestMethod]
    public void Subsets_OfADataSet_AreItsRows()
    {
        using var data = new TensorDataset(zeros(10, 1), arange(10));
        var split = Split.Random(10, 0.3, seed: 7);

        var (training, validation) = split.Subsets(data);

        CollectionAssert.AreEqual(split.Training.ToArray().Select(i => (double)i).ToArray(), training.ReadNumbers("label"));
        CollectionAssert.AreEqual(split.Validation.ToArray().Select(i => (double)i).ToArray(), validation.ReadNumbers("label"));
        var error = Assert.ThrowsExactly<ArgumentException>(() => Split.Random(9, 0.3, seed: 7).Subsets(data));
        StringAssert.StartsWith(error.Message, "The data set has 10 examples, but 9 were split: split those that it has.");
    }

    [TestMethod]
    [DataRow(0.0)]
    [DataRow(1.0)]
    [DataRow(-0.1)]
    [DataRow(double.NaN)]
    public void Every_OfAFractionOutOfRange_IsRefused(double fraction)
    {
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Split.Random(10, fraction, seed: 1));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Split.Stratified(Labels, fraction, seed: 1));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Split.Grouped(Labels, fraction, seed: 1));
    }

    [TestMethod]
    public void Every_OfWhatCantBeSplit_SaysWhy()
    {
        StartsWith(() => Split.Random(1, 0.5, seed: 1), "Two parts need at least 2 examples, but there is 1.");
        StartsWith(() => Split.Random(0, 0.5, seed: 1), "Two parts need at least 2 examples, but there are 0.");
        StartsWith(() => Split.Stratified(new[] { 1.0, double.NaN, 1 }, 0.5, seed: 1), "The label of example 1 is NaN, so it belongs to no part: leave such examples out.");
        StartsWith(() => Split.Stratified(new[] { 1f, 2, float.NaN }, 0.5, seed: 1), "The label of example 2 is NaN");
        StartsWith(() => Split.Stratified(new[] { 1, 2, 3 }, 0.5, seed: 1), "Each of 3 examples has a label of its own, so no class can be in both parts");
        StartsWith(() => Split.Grouped(["a", null, "b"], 0.5, seed: 1), "The group of example 1 is null");
        StartsWith(() => Split.Grouped([1.5, 1.5, 1.5], 0.5, seed: 1), "All 3 examples are of one group, 1.5, which can't be in two parts: give at least two groups.");

        static void StartsWith(Func<Split> split, string expected) => StringAssert.StartsWith(Assert.ThrowsExactly<ArgumentException>(split).Message, expected);
    }

    internal static void AreDisjoint(Split split, int count)
    {
        Assert.AreNotEqual(0, split.Training.Length * split.Validation.Length);
        CollectionAssert.AreEquivalent(Enumerable.Range(0, count).Select(i => (long)i).ToArray(), split.Training.ToArray().Concat(split.Validation.ToArray()).ToArray());
    }
}
