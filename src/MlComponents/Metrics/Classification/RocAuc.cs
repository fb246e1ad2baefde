namespace MlComponents;

/// <summary>
/// Area under the receiver operating characteristic: the probability that a positive example scores higher than a negative one, ties
/// counting half. Of several classes the mean of each one's against the rest.
/// </summary>
/// <remarks>
/// It is exact (the Mann–Whitney statistic, weighted), for which all scores are kept on the device until it is computed: 2 numbers per
/// label (3 with weights or an ignored label), and C + 1 (C + 2) with C classes, which are ranked by their softmax. A class without
/// positive or without negative examples is left out of the mean, and the value is NaN where there is no other; so it is where a score is
/// NaN. A label that stands for no class is negative for all. Its name is <c>roc-auc</c>.
/// </remarks>
public sealed record RocAuc : ClassMetricDefinition
{
    /// <inheritdoc/>
    public override Metric Create(long outputs) => new RocAucMetric(this, outputs);
}

/// <summary>The live <see cref="RocAuc"/>.</summary>
internal sealed class RocAucMetric : Metric
{
    private readonly long outputs;
    private readonly ClassReader reader;
    private readonly List<(Tensor Scores, Tensor Label, Tensor? Weight)> batches = [];

    public RocAucMetric(RocAuc options, long outputs) : base("roc-auc", MetricDirection.Rises)
    {
        this.outputs = outputs;
        reader = new(Subject, outputs, options.IgnoreIndex);
    }

    public override void Update(Tensor output, Tensor target, Tensor? weight)
    {
        using var scope = NewDisposeScope();
        using var inference = no_grad();

        var (x, label) = reader.Align(output, target);                                             // [N, C, ...], [N, ...]
        // The logarithm in float64 is in the softmax's order, and unlike this it isn't rounded to 1.
        var scores = outputs == 1
            ? x.reshape(-1, 1)                                                                     // [M, 1]
            : nn.functional.log_softmax(x.to(ScalarType.Float64), 1).movedim([1], [-1]).reshape(-1, outputs);   // [M, C]
        scores = scores.to(x.dtype == ScalarType.Float64 ? ScalarType.Float64 : ScalarType.Float32);
        var weights = weight is null && reader.Counted(target) is null ? null : reader.Weights(weight, target, label).flatten();   // [M]

        batches.Add((Own(scores), Own(label.flatten()), weights is null ? null : Own(weights)));
    }

    public override double Compute()
    {
        if (batches.Count == 0)
            return double.NaN;

        using var scope = NewDisposeScope();
        using var inference = no_grad();

        var weight = cat([.. batches.Select(batch => batch.Weight ?? ones_like(batch.Label, ScalarType.Float64))]);   // [M]
        var counted = weight.gt(0);                                                                // [M]
        weight = weight[counted];
        var scores = cat([.. batches.Select(batch => batch.Scores)])[counted];                     // [M, C]
        var label = cat([.. batches.Select(batch => batch.Label)])[counted];                       // [M]
        if (weight.numel() == 0 || scores.isnan().any().item<bool>())
            return double.NaN;

        var areas = Enumerable.Range(0, (int)outputs).Select(c => Compute(scores.select(1, c), label.eq(outputs == 1 ? 1 : c), weight));
        return stack(areas).cpu().data<double>().Where(area => !double.IsNaN(area)).DefaultIfEmpty(double.NaN).Average();
    }

    protected override void Dispose(bool disposing)
    {
        foreach (var (scores, label, weight) in batches)
        {
            scores.Dispose();
            label.Dispose();
            weight?.Dispose();
        }
        batches.Clear();
    }

    /// <summary>The area of one class against the rest, [], NaN where one of both is missing.</summary>
    /// <param name="score">[M].</param>
    /// <param name="positive">bool [M].</param>
    /// <param name="weight">float64 [M].</param>
    private static Tensor Compute(Tensor score, Tensor positive, Tensor weight)
    {
        var (levels, level, _) = unique(score, return_inverse: true);                              // [L] rising, [M]
        var none = zeros([levels.numel()], ScalarType.Float64, score.device);                      // [L]
        var positives = none.index_add(0, level!, weight * positive, 1);                           // [L]
        var negatives = none.index_add(0, level!, weight * positive.logical_not(), 1);             // [L]
        var lower = negatives.cumsum(0) - negatives;                                               // [L]

        return (positives * (lower + negatives / 2)).sum() / (positives.sum() * negatives.sum());  // []
    }

    /// <summary>A copy of our own.</summary>
    private static Tensor Own(Tensor tensor) => tensor.clone().DetachFromDisposeScope();
}
