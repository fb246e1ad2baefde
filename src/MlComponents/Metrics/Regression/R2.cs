namespace MlComponents;

/// <summary>
/// Coefficient of determination: <c>R² = 1 − Σ w·(t − x)² / Σ w·(t − t̄)²</c>, the share of the targets' variance that the outputs explain.
/// </summary>
/// <remarks>
/// Outputs and targets are numbers, [N] or [N, K]; of several numbers it is the mean of each one's R², as in scikit-learn, without those that have no
/// target that counts. Targets that are
/// all the same give 1 where every output is right, else 0. One pass suffices: the sums are taken in float64 around the first target seen.
/// Its name is <c>r2</c>.
/// </remarks>
public sealed record R2 : MetricDefinition
{
    /// <summary>A target that doesn't count. Null, the default: every target counts.</summary>
    public long? IgnoreIndex { get; init; }

    /// <inheritdoc/>
    public override Metric Create(long outputs) => new R2Metric(this);
}

/// <summary>The live <see cref="R2"/>.</summary>
internal sealed class R2Metric(R2 options) : Metric("r2", MetricDirection.Rises)
{
    private readonly RunningSum sums = new();   // Σ w, Σ w·d, Σ w·d² and Σ w·(t − x)² with d = t − shift, [4, K]
    private Tensor? shift;                      // [K]; without it, squares of targets far from 0 would swallow their variance

    public override void Update(Tensor output, Tensor target, Tensor? weight)
    {
        using var scope = NewDisposeScope();
        using var inference = no_grad();

        var x = MetricInput.Numbers(Subject, output, target);
        if (x.shape[0] == 0)
            return;
        var t = target.to(ScalarType.Float64).reshape(x.shape[0], -1);                               // [N, K]
        var w = MetricInput.Weights(Subject, weight, t);                                           // [N, K]
        if (options.IgnoreIndex is { } ignored)
            w = w * t.ne(ignored);                                                                 // [N, K]
        shift ??= t[0].clone().DetachFromDisposeScope();
        var d = t - shift;                                                                         // [N, K]
        var error = t - x.reshape(t.shape);                                                        // [N, K]

        sums.Add(stack([w.sum([0]), (w * d).sum([0]), (w * d.square()).sum([0]), (w * error.square()).sum([0])]));   // [4, K]
    }

    public override double Compute()
    {
        if (sums.Read() is not { } read)
            return double.NaN;

        var columns = read.Length / 4;
        return Enumerable.Range(0, columns).Where(k => read[k] > 0)
            .Select(k => Explained(read[k], read[columns + k], read[2 * columns + k], read[3 * columns + k])).DefaultIfEmpty(double.NaN).Average();
    }

    protected override void Dispose(bool disposing)
    {
        sums.Dispose();
        shift?.Dispose();
    }

    private static double Explained(double weight, double sum, double squares, double error)
    {
        var variance = Math.Max(0, squares - sum * sum / weight);
        return variance > 0 ? 1 - error / variance : error == 0 ? 1 : double.IsNaN(error) ? double.NaN : 0;
    }
}
