namespace MlComponents;

/// <summary>
/// Weights of the positive and of the negative rows of each class, by how many of T thresholds k/(T − 1) their probability reaches: batches add up on their device, in 2·C·(T + 1) numbers.
/// </summary>
/// <remarks>A NaN reaches no threshold. It belongs to no dispose scope. Adding a batch doesn't wait for the device; reading does.</remarks>
/// <param name="thresholds">Number of thresholds T from 0 to 1, at least 2.</param>
internal sealed class ThresholdCounts(int thresholds) : IDisposable
{
    private readonly double[] thresholds = [.. Enumerable.Range(0, thresholds).Select(k => k / (thresholds - 1.0))];
    private Tensor? levels;   // the thresholds on the device, float64 [T]
    private Tensor? sums;     // float64, [2·C·(T + 1)]: of negative rows and of positive ones, by class, by the number of thresholds that are reached

    /// <summary>The thresholds, rising from 0 to 1.</summary>
    public IReadOnlyList<double> Thresholds => thresholds;

    /// <summary>Classes seen; 0 before the first batch.</summary>
    public long Classes { get; private set; }

    /// <summary>Adds rows.</summary>
    /// <param name="probabilities">[M, C], with the same C each time.</param>
    /// <param name="isPositive">Whether a row is of a class, bool [M, C].</param>
    /// <param name="weights">What each row counts, [M].</param>
    public void Add(Tensor probabilities, Tensor isPositive, Tensor weights)
    {
        using var scope = NewDisposeScope();
        using var inference = no_grad();

        var p = probabilities.detach().to(ScalarType.Float64).contiguous();                        // [M, C]
        Classes = p.shape[1];
        levels ??= tensor(thresholds, device: p.device).DetachFromDisposeScope();
        sums ??= zeros([2 * Classes * (thresholds.Length + 1)], ScalarType.Float64, p.device).DetachFromDisposeScope();
        var reached = bucketize(p, levels, outInt32: false, right: true).masked_fill(p.isnan(), 0);   // [M, C]
        var column = isPositive.to(ScalarType.Int64) * Classes + arange(Classes, device: p.device);   // [M, C]
        var cell = column * (thresholds.Length + 1) + reached;                                     // [M, C]

        sums.scatter_add_(0, cell.flatten(), weights.to(ScalarType.Float64).view(-1, 1).expand(cell.shape).flatten());
    }

    /// <summary>The curve of a class against the rest; all zeros before the first batch.</summary>
    /// <param name="index">Number of the class, at least 0.</param>
    public PrecisionRecallCurve Curve(long index)
    {
        var (negatives, positives) = (Read(0, index), Read(1, index));
        return new(thresholds, positives[1..], negatives[1..], positives.Sum(), negatives.Sum());
    }

    public void Dispose()
    {
        levels?.Dispose();
        sums?.Dispose();
    }

    /// <summary>The sums by the number of thresholds that are reached, [T + 1].</summary>
    private double[] Read(long kind, long index)
    {
        using var scope = NewDisposeScope();
        return sums?.view(2, Classes, -1)[kind, index].cpu().data<double>().ToArray() ?? new double[thresholds.Length + 1];
    }
}
