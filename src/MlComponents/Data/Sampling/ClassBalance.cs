using static System.FormattableString;

namespace MlComponents;

/// <summary>Weights of classes by the number of examples that they have, for <see cref="ClassBalancedSampler"/> and for the class weights of a loss.</summary>
public static class ClassBalance
{
    /// <summary>Examples of each class.</summary>
    /// <param name="labels">The class of each example, from 0.</param>
    /// <returns>One number for each class, from 0 to the largest that there is.</returns>
    /// <exception cref="ArgumentException">There are no labels, or one is negative or above 2,147,483,646.</exception>
    public static long[] Counts(IReadOnlyList<long> labels)
    {
        ArgumentNullException.ThrowIfNull(labels);
        if (labels.Count == 0)
            throw new ArgumentException("There are no labels to count.", nameof(labels));
        for (var i = 0; i < labels.Count; i++)
            if (labels[i] is < 0 or >= int.MaxValue)
                throw new ArgumentException($"labels[{i}] is {labels[i]}, but classes are counted from 0.", nameof(labels));

        var counts = new long[labels.Max() + 1];
        foreach (var label in labels)
            counts[label]++;
        return counts;
    }

    /// <summary>Weights in proportion to <c>n⁻ᵖ</c>, where a class has n examples: with p = 1 all classes weigh the same in all, with p = 0 all examples do.</summary>
    /// <param name="counts">Examples of each class, each at least 1.</param>
    /// <param name="power">p, at least 0 and at most 1. Default 1, scikit-learn's <c>balanced</c>.</param>
    /// <returns>One weight for each class; their mean over the examples is 1.</returns>
    /// <exception cref="ArgumentException">A class has no examples.</exception>
    public static double[] InverseFrequency(IReadOnlyList<long> counts, double power = 1)
    {
        if (!(power is >= 0 and <= 1))
            throw new ArgumentOutOfRangeException(nameof(power), power, "The power is at least 0 and at most 1.");
        return Weights(counts, n => Math.Pow(n, -power));
    }

    /// <summary>Weights in proportion to <c>(1 − β)/(1 − βⁿ)</c>, where a class has n examples: the inverse of how many of them are new, when each has much in common with others.</summary>
    /// <remarks>After Cui et al., Class-Balanced Loss Based on Effective Number of Samples, 2019 (arXiv 1901.05555), equation 9. With β = 0 all examples weigh the same; towards 1 they do by the inverse frequency.</remarks>
    /// <param name="counts">Examples of each class, each at least 1.</param>
    /// <param name="beta">β, at least 0 and below 1; the paper tries 0.9 to 0.9999.</param>
    /// <returns>One weight for each class; their mean over the examples is 1.</returns>
    /// <exception cref="ArgumentException">A class has no examples.</exception>
    public static double[] EffectiveNumber(IReadOnlyList<long> counts, double beta)
    {
        if (!(beta is >= 0 and < 1))
            throw new ArgumentOutOfRangeException(nameof(beta), beta, "Beta is at least 0 and below 1.");
        return Weights(counts, n => (1 - beta) / (1 - Math.Pow(beta, n)));
    }

    private static double[] Weights(IReadOnlyList<long> counts, Func<long, double> weight)
    {
        ArgumentNullException.ThrowIfNull(counts);
        for (var i = 0; i < counts.Count; i++)
            if (counts[i] < 1)
                throw new ArgumentException(Invariant($"Class {i} has {counts[i]} examples, but a weight by their number needs at least 1: give it some, or number the classes without gaps."), nameof(counts));

        double[] weights = [.. counts.Select(weight)];
        var mean = weights.Zip(counts, (w, n) => w * n).Sum() / counts.Sum();
        return [.. weights.Select(w => w / mean)];
    }
}
