using static System.FormattableString;

namespace MlComponents;

/// <summary>One step of a search for a learning rate.</summary>
/// <param name="Rate">The step's learning rate.</param>
/// <param name="Loss">Its loss.</param>
/// <param name="Smoothed">The mean of the losses around it.</param>
public readonly record struct LearningRatePoint(double Rate, double Loss, double Smoothed);

/// <summary>The losses of a network by learning rate, and the rate that they suggest.</summary>
/// <remarks>
/// The smoothed losses are running means of running means in the other direction, so that they fall where the losses do and not some steps later. Losses above those of the first tenth of the points
/// count as the highest of these, so that the end, where they grow without a bound, doesn't hide how they fell.
/// </remarks>
public sealed class LearningRateCurve
{
    internal const int FewestPoints = 20;

    private readonly double suggestion;

    /// <summary>A curve of losses.</summary>
    /// <param name="rates">The learning rates, rising.</param>
    /// <param name="losses">As many losses.</param>
    /// <param name="smoothing">The weight of a step's neighbour in the mean around it. At least 0 and below 1; default 0.9.</param>
    /// <exception cref="ArgumentException">There aren't as many losses as rates, or the rates don't rise from above 0.</exception>
    public LearningRateCurve(IReadOnlyList<double> rates, IReadOnlyList<double> losses, double smoothing = 0.9)
    {
        ArgumentNullException.ThrowIfNull(rates);
        ArgumentNullException.ThrowIfNull(losses);
        if (rates.Count != losses.Count)
            throw new ArgumentException($"There are {rates.Count} rates, but {losses.Count} losses.", nameof(losses));
        if (rates.Prepend(0).Zip(rates).Any(pair => !(pair.First < pair.Second)))
            throw new ArgumentException("The rates must be above 0, each higher than the one before.", nameof(rates));

        var smoothed = Smooth(losses, smoothing);
        Points = [.. rates.Select((rate, i) => new LearningRatePoint(rate, losses[i], smoothed[i]))];
        (suggestion, Problem) = Steepest(Points);
    }

    /// <summary>The steps in order, the last one before the loss was no longer finite.</summary>
    public IReadOnlyList<LearningRatePoint> Points { get; }

    /// <summary>Why the curve suggests no rate, as a sentence, or null when it does.</summary>
    public string? Problem { get; }

    /// <summary>The learning rate at which the smoothed loss falls fastest, per ratio of rates, before it is lowest; the first tenth of the points doesn't count.</summary>
    /// <exception cref="InvalidOperationException">The curve is of no use; the message says why, and so does <see cref="Problem"/>.</exception>
    public double Suggestion => Problem is null ? suggestion : throw new InvalidOperationException(Problem);

    /// <summary>The level above which losses are cut before they are smoothed: that of the beginning.</summary>
    private static double Ceiling(IReadOnlyList<double> losses) => losses.Take(Math.Max(1, losses.Count / 10)).Max();

    private static double[] Smooth(IReadOnlyList<double> losses, double smoothing)
    {
        if (losses.Count == 0)
            return [];
        var ceiling = Ceiling(losses);
        var (forwards, backwards) = (new ExponentialMean(smoothing), new ExponentialMean(smoothing));
        double[] followed = [.. losses.Select(loss => forwards.Add(Math.Min(loss, ceiling)))];
        return [.. followed.Reverse().Select(backwards.Add).Reverse()];
    }

    private static (double Suggestion, string? Problem) Steepest(IReadOnlyList<LearningRatePoint> points)
    {
        if (points.Count < FewestPoints)
            return (0, $"The loss diverged after {points.Count} steps, too few for a suggestion: begin at a lower rate, or take more steps.");

        var lowest = Enumerable.Range(0, points.Count).MinBy(i => points[i].Smoothed);
        var descent = points.Take(lowest + 1).ToList();
        var fall = descent.Max(point => point.Smoothed) - points[lowest].Smoothed;
        var noise = Math.Sqrt(descent.Average(point => Math.Pow(point.Loss - point.Smoothed, 2)));
        if (fall <= noise)
            return (0, Invariant($"The loss falls by {fall:g3} between the rates {points[0].Rate:g3} and {points[^1].Rate:g3}, no more than it jumps about, {noise:g3}: ")
                + "search a wider range of rates, take larger batches, or look whether the network can learn from these rows.");

        var (begin, end) = (points.Count / 10, Math.Min(lowest, points.Count - 2));
        if (begin > end)
            return (0, Invariant($"The loss rises from the rate {points[lowest].Rate:g3} on, at the beginning of the search: begin at a lower rate."));
        var steepest = Enumerable.Range(begin, end - begin + 1).MinBy(Slope);
        return (points[steepest].Rate, null);

        double Slope(int i) => (points[i + 1].Smoothed - points[i - 1].Smoothed) / Math.Log(points[i + 1].Rate / points[i - 1].Rate);
    }
}
