namespace MlComponents.Tests.Data;

[TestClass]
public sealed class FoldsTests
{
    // 52 of class 0, 31 of class 1, 7 of class 2
    private static readonly int[] Labels = [.. Enumerable.Range(0, 90).Select(i => i < 52 ? 0 : i < 83 ? 1 : 2)];

    [TestMethod]
    [DataRow(10, 3)]
    [DataRow(10, 10)]
    [DataRow(90, 7)]
    public void Random_OfExamples_HoldsBackEachOnceInPartsOfOneSize(int count, int folds) => AreFolds(Folds.Random(count, folds, seed: 1), count, folds);

    [TestMethod]
    [DataRow(2)]
    [DataRow(5)]
    [DataRow(7)]
    public void Stratified_OfClasses_HasTheSameNumberOfEachInEveryPart(int folds)
    {
        var splits = Folds.Stratified(Labels, folds, seed: 1);

        AreFolds(splits, 90, folds);
        for (var label = 0; label < 3; label++)
        {
            var share = Labels.Count(each => each == label) / (double)folds;
            foreach (var split in splits)
                Assert.IsLessThan(1.0, Math.Abs(split.Validation.ToArray().Count(i => Labels[i] == label) - share), $"{label}");
        }
    }

    [TestMethod]
    public void Grouped_OfGroups_GivesTheLargestFirstToTheSmallestPart()
    {
        // sizes 8, 6, 5, 4, 2 in 2 parts: 8 | 6, then 5 to the second (11), 4 to the first (12), 2 to the second (13)
        int[] sizes = [2, 8, 5, 6, 4];
        int[] groups = [.. sizes.SelectMany((size, group) => Enumerable.Repeat(group, size))];

        var splits = Folds.Grouped(groups, 2, seed: 1);

        CollectionAssert.AreEqual(new[] { 1, 4 }, Groups(splits[0]));
        CollectionAssert.AreEqual(new[] { 0, 2, 3 }, Groups(splits[1]));
        foreach (var split in splits)
            SplitTests.AreDisjoint(split, 25);

        int[] Groups(Split split) => [.. split.Validation.ToArray().Select(i => groups[i]).Distinct().Order()];
    }

    [TestMethod]
    public void Grouped_OfGroupsOfOneSize_FollowsTheSeed()
    {
        int[] groups = [.. Enumerable.Range(0, 60).Select(i => i / 3)];

        AreFolds(Folds.Grouped(groups, 4, seed: 1), 60, 4);
        CollectionAssert.AreNotEquivalent(Folds.Grouped(groups, 4, seed: 1)[0].Validation.ToArray(), Folds.Grouped(groups, 4, seed: 2)[0].Validation.ToArray());
    }

    [TestMethod]
    public void Every_OfASeed_IsAlwaysTheSame()
    {
        foreach (var folds in new Func<int, IReadOnlyList<Split>>[] { seed => Folds.Random(90, 3, seed), seed => Folds.Stratified(Labels, 3, seed) })
        {
            CollectionAssert.AreEqual(folds(1)[2].Training.ToArray(), folds(1)[2].Training.ToArray());
            CollectionAssert.AreNotEqual(folds(1)[2].Validation.ToArray(), folds(2)[2].Validation.ToArray());
        }
    }

    [TestMethod]
    public void Every_OfWhatCantBeFolded_SaysWhy()
    {
        StartsWith(() => Folds.Random(3, 4, seed: 1), "There are 3 examples, which can't fill 4 folds: use at most 3 folds.");
        StartsWith(() => Folds.Random(3, 1, seed: 1), "There are at least 2 folds.");
        StartsWith(() => Folds.Stratified(Labels, 8, seed: 1), "The label 2 has 7 examples, which is less than one for each of 8 folds: use fewer folds, or leave such labels out.");
        StartsWith(() => Folds.Stratified(new[] { double.NaN, 1, 1 }, 2, seed: 1), "The label of example 0 is NaN");
        StartsWith(() => Folds.Grouped(Labels, 4, seed: 1), "There are 3 groups, which can't fill 4 folds: use at most 3 folds.");

        static void StartsWith(Func<object> folds, string expected) => StringAssert.StartsWith(Assert.Throws<ArgumentException>(folds).Message, expected);
    }

    private static void AreFolds(IReadOnlyList<Split> splits, int count, int folds)
    {
        Assert.HasCount(folds, splits);
        foreach (var split in splits)
        {
            SplitTests.AreDisjoint(split, count);
            Assert.IsLessThan(1.0, Math.Abs(split.Validation.Length - count / (double)folds));
        }
        CollectionAssert.AreEquivalent(Enumerable.Range(0, count).Select(i => (long)i).ToArray(), splits.SelectMany(split => split.Validation.ToArray()).ToArray());
    }
}
