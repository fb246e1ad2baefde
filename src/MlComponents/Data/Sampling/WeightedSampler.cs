using static System.FormattableString;

namespace MlComponents;

/// <summary>Examples drawn in proportion to their weights, from the seed and the epoch alone. PyTorch's <c>WeightedRandomSampler</c>.</summary>
/// <remarks>
/// Without replacement each draw is in proportion to the weights of those that are left, by the exponential keys of Efraimidis and Spirakis, Weighted random sampling with a reservoir, 2006:
/// an example is drawn before another with a probability in the ratio of their weights.
/// </remarks>
public sealed class WeightedSampler : Sampler
{
    private readonly long[] rows;          // those that can be drawn
    private readonly double[] weights;     // of each of them
    private readonly double[] cumulative;  // sums of the weights up to and with each of them
    private readonly int seed;
    private readonly bool replacement;

    /// <summary>Draws by weights.</summary>
    /// <param name="weights">One for each example, finite and at least 0, in any unit; they needn't sum to 1. Examples of weight 0 are never drawn.</param>
    /// <param name="seed">Draws the examples.</param>
    /// <param name="replacement">Whether an example can be drawn again in the same epoch. Default: true.</param>
    /// <param name="draws">Examples of one epoch, at least 1, without replacement at most as many as have a weight above 0. Null, the default: as many as there are weights.</param>
    /// <exception cref="ArgumentException">A weight is negative or isn't finite, all are 0, or more are to be drawn than there are.</exception>
    public WeightedSampler(IReadOnlyList<double> weights, int seed, bool replacement = true, long? draws = null)
    {
        ArgumentNullException.ThrowIfNull(weights);
        for (var i = 0; i < weights.Count; i++)
            if (!(weights[i] >= 0 && double.IsFinite(weights[i])))
                throw new ArgumentException(Invariant($"weights[{i}] is {weights[i]}, but weights are finite and at least 0."), nameof(weights));
        rows = [.. Enumerable.Range(0, weights.Count).Where(i => weights[i] > 0).Select(i => (long)i)];
        if (rows.Length == 0)
            throw new ArgumentException($"None of {weights.Count} weights is above 0, so there is nothing to draw from: give at least one example a weight.", nameof(weights));

        Count = Draws(draws, weights.Count);
        if (!replacement && Count > rows.Length)
            throw new ArgumentException(
                $"{Count} examples are to be drawn without replacement, but only {rows.Length} of {weights.Count} have a weight above 0: draw fewer, or with replacement.", nameof(draws));
        this.weights = [.. rows.Select(row => weights[(int)row])];
        cumulative = new double[rows.Length];
        var sum = 0.0;
        for (var i = 0; i < rows.Length; i++)
            cumulative[i] = sum += this.weights[i];
        if (!double.IsFinite(sum))
            throw new ArgumentException("The sum of the weights is too large for a double: divide them all by the largest.", nameof(weights));
        (this.seed, this.replacement) = (seed, replacement);
    }

    /// <inheritdoc/>
    public override long Count { get; }

    /// <inheritdoc/>
    public override bool Repeats => replacement;

    /// <inheritdoc/>
    public override long[] Indices(int epoch)
    {
        using var scope = NewDisposeScope();
        using var generator = EpochGenerator.Create(seed, epoch);

        var uniform = rand([replacement ? Count : rows.Length], ScalarType.Float64, generator: generator).data<double>().ToArray();   // each in [0, 1)
        return replacement ? [.. uniform.Select(Find)] : First(uniform);
    }

    /// <summary>The example whose share of the sum of all weights covers a share.</summary>
    private long Find(double share)
    {
        var at = Array.BinarySearch(cumulative, share * cumulative[^1]);
        return rows[Math.Min(at >= 0 ? at + 1 : ~at, rows.Length - 1)];   // a product may round up to the sum itself
    }

    /// <summary>The examples of the smallest keys, which are exponentially distributed with the weights as rates.</summary>
    private long[] First(double[] uniform)
    {
        double[] keys = [.. uniform.Select((u, i) => -Math.Log(1 - u) / weights[i])];
        long[] order = [.. rows];
        Array.Sort(keys, order);
        return order[..(int)Count];
    }
}
