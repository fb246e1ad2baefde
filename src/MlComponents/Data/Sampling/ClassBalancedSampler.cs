using static System.FormattableString;

namespace MlComponents;

/// <summary>Every class equally often, to within one example, in an order drawn from the seed and the epoch alone, whatever the numbers of their examples are.</summary>
/// <remarks>
/// What is left over goes to classes drawn anew for every epoch. Within a class no example comes again before all have come. PyTorch's counterpart is a <c>WeightedRandomSampler</c> by the
/// inverse frequency of the classes, which balances them on average only.
/// </remarks>
public sealed class ClassBalancedSampler : Sampler
{
    private readonly long[][] members;   // numbers of the examples of each class
    private readonly double[] shares;    // examples of each class in an epoch, in fractions of one
    private readonly int seed;

    /// <summary>Draws by classes.</summary>
    /// <param name="labels">The class of each example, from 0; each class up to the largest has at least one.</param>
    /// <param name="seed">Draws the examples.</param>
    /// <param name="draws">Examples of one epoch, at least 1. Null, the default: as many as there are labels.</param>
    /// <param name="classWeights">
    /// Weight of an example of each class, finite and at least 0: a class of n examples comes in proportion to n times its weight, as those of <see cref="ClassBalance"/>. Null, the default: those
    /// of <see cref="ClassBalance.InverseFrequency"/>, which is every class equally often.
    /// </param>
    /// <exception cref="ArgumentException">A class has no examples, or the weights don't fit the classes.</exception>
    public ClassBalancedSampler(IReadOnlyList<long> labels, int seed, long? draws = null, IReadOnlyList<double>? classWeights = null)
    {
        var counts = ClassBalance.Counts(labels);
        if (Array.IndexOf(counts, 0) is >= 0 and var empty)
            throw new ArgumentException($"Class {empty} of {counts.Length} has no examples, so it can't be drawn: give it some, or number the classes without gaps.", nameof(labels));
        CheckWeights(classWeights, counts.Length);

        Count = Draws(draws, labels.Count);
        this.seed = seed;
        var byClass = Enumerable.Range(0, labels.Count).ToLookup(i => labels[i], i => (long)i);
        members = [.. Enumerable.Range(0, counts.Length).Select(label => byClass[label].ToArray())];
        double[] totals = [.. (classWeights ?? ClassBalance.InverseFrequency(counts)).Zip(counts, (weight, n) => weight * n)];
        if (!double.IsFinite(totals.Sum()))
            throw new ArgumentException("The sum of the weights of all examples is too large for a double: divide the class weights by the largest.", nameof(classWeights));
        shares = Apportionment.Shares(totals, Count);
        Repeats = shares.Zip(counts).Any(each => Math.Ceiling(each.First) > each.Second);
    }

    /// <inheritdoc/>
    public override long Count { get; }

    /// <inheritdoc/>
    public override bool Repeats { get; }

    /// <inheritdoc/>
    public override long[] Indices(int epoch)
    {
        using var generator = EpochGenerator.Create(seed, epoch);

        var quotas = Apportionment.LargestRemainder(shares, Count, Permutations.Draw(members.Length, members.Length, generator));
        var drawn = members.SelectMany((rows, label) => Permutations.Draw(rows.Length, quotas[label], generator).Select(i => rows[i])).ToList();
        return Permutations.Shuffle(drawn, generator);
    }

    private static void CheckWeights(IReadOnlyList<double>? weights, int classes)
    {
        if (weights is null)
            return;
        if (weights.Count != classes)
            throw new ArgumentException($"There are {weights.Count} class weights for {classes} classes: give each class one.", nameof(weights));
        for (var i = 0; i < classes; i++)
            if (!(weights[i] >= 0 && double.IsFinite(weights[i])))
                throw new ArgumentException(Invariant($"The weight of class {i} is {weights[i]}, but weights are finite and at least 0."), nameof(weights));
        if (weights.All(weight => weight == 0))
            throw new ArgumentException("The weights of all classes are 0, so there is nothing to draw from: give at least one a weight.", nameof(weights));
    }
}
