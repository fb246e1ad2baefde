using static System.FormattableString;

namespace MlComponents;

/// <summary>The examples of a data set in two parts, those to learn from and those to measure on; each example is in exactly one of them.</summary>
/// <remarks>A split is a pure function of what it is made from: the same seed gives the same parts, in the same order.</remarks>
public sealed class Split
{
    internal Split(ReadOnlyMemory<long> training, ReadOnlyMemory<long> validation) => (Training, Validation) = (training, validation);

    /// <summary>Numbers of the examples to learn from, at least one, in random order.</summary>
    public ReadOnlyMemory<long> Training { get; }

    /// <summary>Numbers of the examples to measure on, at least one, in random order.</summary>
    public ReadOnlyMemory<long> Validation { get; }

    /// <summary>The parts of a data set, without a copy.</summary>
    /// <exception cref="ArgumentException">It has another number of examples than was split.</exception>
    public (Subset Training, Subset Validation) Subsets(MapDataset rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        var count = Training.Length + Validation.Length;
        return rows.Count == count
            ? (new(rows, Training), new(rows, Validation))
            : throw new ArgumentException($"The data set has {rows.Count} examples, but {count} were split: split those that it has.", nameof(rows));
    }

    /// <summary>Holds back a random part.</summary>
    /// <param name="count">Number of examples, at least 2.</param>
    /// <param name="fraction">Share of <see cref="Validation"/>, above 0 and below 1; it is rounded to whole examples, of which at least one is in each part.</param>
    /// <param name="seed">Draws which examples go where.</param>
    public static Split Random(long count, double fraction, int seed)
    {
        var heldBack = HeldBack(count, fraction);
        var order = Order(count, seed).AsMemory();
        return new(order[heldBack..], order[..heldBack]);
    }

    /// <summary>Holds back a random part of every class: its share to within one example, and never the last one to learn from.</summary>
    /// <param name="labels">The class of each example, at least 2 examples.</param>
    /// <param name="fraction">Share of <see cref="Validation"/>, as for <see cref="Random"/>, of all examples and of each class.</param>
    /// <param name="seed">Draws which examples go where.</param>
    /// <exception cref="ArgumentException">A label is missing, or no class has two examples.</exception>
    public static Split Stratified<T>(IReadOnlyList<T> labels, double fraction, int seed)
    {
        var classes = Membership.Of(labels, "label");
        var heldBack = HeldBack(labels.Count, fraction);
        if (classes.Sizes.All(size => size == 1))
            throw new ArgumentException($"Each of {labels.Count} examples has a label of its own, so no class can be in both parts: stratify by labels that several examples have.", nameof(labels));

        var order = Order(labels.Count, seed);
        var shares = Apportionment.Shares([.. classes.Sizes.Select(size => (double)size)], labels.Count * fraction);
        var left = Apportionment.LargestRemainder(shares, heldBack, order.Select(row => (long)classes.Numbers[row]).Distinct(), [.. classes.Sizes.Select(size => size - 1)]);
        var isHeldBack = new bool[labels.Count];
        foreach (var row in order)
            isHeldBack[row] = left[classes.Numbers[row]]-- > 0;
        return Of(order, row => isHeldBack[row]);
    }

    /// <summary>Holds back groups as a whole, such as all examples of one person: what is measured is how well others than those of the training are met.</summary>
    /// <remarks>
    /// The groups come in an order that the seed draws; each is held back if that brings the part nearer to the fraction, so that large and small ones have their chance. Where no group does, it is
    /// the smallest.
    /// </remarks>
    /// <param name="groups">The group of each example.</param>
    /// <param name="fraction">Share of <see cref="Validation"/>, above 0 and below 1, as near as whole groups come to it; at least one group is in each part.</param>
    /// <param name="seed">Draws which groups go where.</param>
    /// <exception cref="ArgumentException">A group is missing, or there is only one.</exception>
    public static Split Grouped<T>(IReadOnlyList<T> groups, double fraction, int seed)
    {
        var members = Membership.Of(groups, "group");
        var wanted = HeldBack(groups.Count, fraction);
        if (members.Sizes.Count == 1)
            throw new ArgumentException(Invariant($"All {groups.Count} examples are of one group, {groups[0]}, which can't be in two parts: give at least two groups."), nameof(groups));

        var order = Order(groups.Count, seed);
        List<int> drawn = [.. order.Select(row => members.Numbers[row]).Distinct()];
        var isHeldBack = new bool[drawn.Count];
        var (size, taken) = (0L, 0);
        foreach (var group in drawn)
            if (taken < drawn.Count - 1 && Math.Abs(size + members.Sizes[group] - wanted) < Math.Abs(size - wanted))
            {
                isHeldBack[group] = true;
                size += members.Sizes[group];
                taken++;
            }
        if (taken == 0)
            isHeldBack[drawn.MinBy(group => members.Sizes[group])] = true;
        return Of(order, row => isHeldBack[members.Numbers[row]]);
    }

    /// <summary>The parts that a rule makes of examples, each in their order.</summary>
    internal static Split Of(long[] order, Func<long, bool> isHeldBack)
    {
        var parts = order.ToLookup(isHeldBack);
        return new(parts[false].ToArray(), parts[true].ToArray());
    }

    /// <summary>A random order of examples, other than that of any epoch of a training by the same seed: those begin at 1.</summary>
    internal static long[] Order(long count, int seed) => new RandomSampler(count, seed).Indices(epoch: 0);

    private static int HeldBack(long count, double fraction)
    {
        if (!(fraction is > 0 and < 1))
            throw new ArgumentOutOfRangeException(nameof(fraction), fraction, "The fraction is above 0 and below 1.");
        return count >= 2
            ? Math.Clamp((int)Math.Round(count * fraction), 1, (int)count - 1)
            : throw new ArgumentException($"Two parts need at least 2 examples, but there {(count == 1 ? "is 1" : $"are {count}")}.", nameof(count));
    }
}
