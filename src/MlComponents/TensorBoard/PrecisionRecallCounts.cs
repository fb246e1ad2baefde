namespace MlComponents;

/// <summary>
/// Counts for precision/recall curves of one class against the rest: weights of the positive and of the negative rows by the largest threshold <c>t = i/(T − 1)</c> that
/// a probability reaches. Batches add up, on their device, and no row is kept.
/// </summary>
/// <param name="thresholds">Thresholds T from 0 to 1, at least 2.</param>
internal sealed class PrecisionRecallCounts(int thresholds) : IDisposable
{
    private Tensor? positives;   // float64 [C, T]
    private Tensor? negatives;   // float64 [C, T]

    /// <summary>Classes seen; 0 before the first batch.</summary>
    public int Classes => (int)(positives?.shape[0] ?? 0);

    /// <summary>Counts rows.</summary>
    /// <param name="probabilities">[N, C]; what is beyond 0 and 1 counts as them, NaN as 0.</param>
    /// <param name="labels">Whether a row is of a class, bool [N, C].</param>
    /// <param name="weights">What each row counts, [N]; null: 1.</param>
    public void Add(Tensor probabilities, Tensor labels, Tensor? weights = null)
    {
        using var scope = NewDisposeScope();
        using var guard = no_grad();

        var (rows, classes) = (probabilities.shape[0], probabilities.shape[1]);
        var p = probabilities.detach().to(ScalarType.Float64).nan_to_num(0, 1, 0).clamp(0, 1);                                   // [N, C]
        var reached = p.Times(thresholds - 1).floor().to(ScalarType.Int64);                                                      // [N, C]
        var place = reached.Plus(arange(0, classes * thresholds, thresholds, ScalarType.Int64, p.device)).flatten();              // [N·C]
        var w = (weights?.to(ScalarType.Float64) ?? ones(rows, ScalarType.Float64, p.device)).view(rows, 1).expand(rows, classes); // [N, C]
        var zero = zeros_like(w);

        positives ??= zeros(classes, thresholds, ScalarType.Float64, p.device).DetachFromDisposeScope();
        negatives ??= zeros(classes, thresholds, ScalarType.Float64, p.device).DetachFromDisposeScope();
        positives.view(-1).scatter_add_(0, place, where(labels, w, zero).flatten());
        negatives.view(-1).scatter_add_(0, place, where(labels, zero, w).flatten());
    }

    /// <summary>The curve of a class.</summary>
    public PrecisionRecallValues Curve(int label)
    {
        using var scope = NewDisposeScope();

        var positive = positives![label].cpu().data<double>().ToArray();
        var negative = negatives![label].cpu().data<double>().ToArray();
        return PrecisionRecallValues.Of(positive, negative);
    }

    public void Dispose()
    {
        positives?.Dispose();
        negatives?.Dispose();
    }
}
