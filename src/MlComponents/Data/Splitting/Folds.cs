using static System.FormattableString;

namespace MlComponents;

/// <summary>The examples of a data set in k parts, each of which is held back once while all others are learned from: k splits for a cross-validation.</summary>
/// <remarks>Every example is in the <see cref="Split.Validation"/> of exactly one split. Folds are pure functions of what they are made from, seed included.</remarks>
public static class Folds
{
    /// <summary>Random parts of equal size, to within one example.</summary>
    /// <param name="count">Number of examples, at least as many as folds.</param>
    /// <param name="folds">Number of parts, at least 2.</param>
    /// <param name="seed">Draws which examples go where.</param>
    public static IReadOnlyList<Split> Random(long count, int folds, int seed)
    {
        Check(count, folds);
        var order = Split.Order(count, seed);
        return Deal(order, order, folds);
    }

    /// <summary>Random parts in which every class has the same number of examples, and which are of equal size, both to within one example.</summary>
    /// <param name="labels">The class of each example; each class has at least as many as there are folds.</param>
    /// <param name="folds">Number of parts, at least 2.</param>
    /// <param name="seed">Draws which examples go where.</param>
    /// <exception cref="ArgumentException">A label is missing, or a class has fewer examples than there are folds.</exception>
    public static IReadOnlyList<Split> Stratified<T>(IReadOnlyList<T> labels, int folds, int seed)
    {
        var classes = Membership.Of(labels, "label");
        Check(labels.Count, folds);
        if (classes.Sizes.ToList().FindIndex(size => size < folds) is >= 0 and var small)
            throw new ArgumentException(
                Invariant($"The label {classes.Values[small]} has {classes.Sizes[small]} examples, which is less than one for each of {folds} folds: use fewer folds, or leave such labels out."), nameof(labels));

        var order = Split.Order(labels.Count, seed);
        return Deal(order, [.. order.OrderBy(row => classes.Numbers[row])], folds);
    }

    /// <summary>Parts of whole groups, such as all examples of one person, of nearly equal size: the largest group goes first, each to the part that has the fewest examples by then.</summary>
    /// <remarks>The seed decides between groups of one size, and the order within the parts.</remarks>
    /// <param name="groups">The group of each example; at least as many groups as folds.</param>
    /// <param name="folds">Number of parts, at least 2.</param>
    /// <param name="seed">Draws the order of groups of one size.</param>
    /// <exception cref="ArgumentException">A group is missing, or there are fewer than folds.</exception>
    public static IReadOnlyList<Split> Grouped<T>(IReadOnlyList<T> groups, int folds, int seed)
    {
        var members = Membership.Of(groups, "group");
        Check(groups.Count, folds);
        if (members.Sizes.Count < folds)
            throw new ArgumentException($"There are {members.Sizes.Count} groups, which can't fill {folds} folds: use at most {members.Sizes.Count} folds.", nameof(groups));

        var order = Split.Order(groups.Count, seed);
        var foldOf = new int[members.Sizes.Count];
        var sizes = new long[folds];
        foreach (var group in order.Select(row => members.Numbers[row]).Distinct().OrderByDescending(group => members.Sizes[group]).ToList())
        {
            foldOf[group] = Array.IndexOf(sizes, sizes.Min());
            sizes[foldOf[group]] += members.Sizes[group];
        }
        return Of(order, row => foldOf[members.Numbers[row]], folds);
    }

    /// <summary>Deals examples round the folds.</summary>
    /// <param name="order">The order of the examples within the parts.</param>
    /// <param name="dealt">The order in which they are dealt.</param>
    /// <param name="folds">Number of parts.</param>
    private static IReadOnlyList<Split> Deal(long[] order, long[] dealt, int folds)
    {
        var foldOf = new int[dealt.Length];
        for (var i = 0; i < dealt.Length; i++)
            foldOf[dealt[i]] = i % folds;
        return Of(order, row => foldOf[row], folds);
    }

    private static IReadOnlyList<Split> Of(long[] order, Func<long, int> foldOf, int folds) => [.. Enumerable.Range(0, folds).Select(fold => Split.Of(order, row => foldOf(row) == fold))];

    private static void Check(long count, int folds)
    {
        if (folds < 2)
            throw new ArgumentOutOfRangeException(nameof(folds), folds, "There are at least 2 folds.");
        if (count < folds)
            throw new ArgumentException($"There are {count} examples, which can't fill {folds} folds: use at most {count} folds.", nameof(folds));
    }
}
