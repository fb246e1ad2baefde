namespace MlComponents;

/// <summary>A metric that is a mean over examples: <c>Σ wᵢ·vᵢ / Σ wᵢ</c>, both sums in float64 on the device.</summary>
public abstract class WeightedMean(string name, MetricDirection direction) : Metric(name, direction)
{
    private Tensor? total;
    private Tensor? count;

    /// <summary>The value of each example.</summary>
    /// <returns>A tensor [N] of any real dtype or bool.</returns>
    protected abstract Tensor Values(Tensor output, Tensor target);

    /// <summary>What becomes of the mean; by default it stays as it is.</summary>
    protected virtual double Finish(double mean) => mean;

    /// <inheritdoc/>
    public sealed override void Update(Tensor output, Tensor target, Tensor? weight)
    {
        using var scope = NewDisposeScope();

        var values = Values(output, target).to(ScalarType.Float64);                                    // [N]
        total ??= zeros([], ScalarType.Float64, values.device).DetachFromDisposeScope();
        count ??= zeros([], ScalarType.Float64, values.device).DetachFromDisposeScope();

        total.add_(weight is null ? values.sum() : values.dot(weight.to(ScalarType.Float64)));
        if (weight is null)
            count.add_(values.numel());
        else
            count.add_(weight.sum(ScalarType.Float64));
    }

    /// <inheritdoc/>
    public sealed override double Compute() => total is null ? double.NaN : Finish(total.item<double>() / count!.item<double>());

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        total?.Dispose();
        count?.Dispose();
    }
}
