namespace MlComponents;

/// <summary>A metric that is a mean over examples: <c>Σ wᵢ·vᵢ / Σ wᵢ</c>, both sums in float64 on the device.</summary>
public abstract class WeightedMean(string name, MetricDirection direction) : Metric(name, direction)
{
    private Tensor? total;
    private Tensor? count;

    /// <summary>The value of each example.</summary>
    /// <param name="output">Raw output of the network, [N, ...].</param>
    /// <param name="target">Labels of the batch.</param>
    /// <returns>A tensor [N] of any real dtype or bool.</returns>
    protected abstract Tensor Values(Tensor output, Tensor target);

    /// <summary>What becomes of the mean; by default it stays as it is.</summary>
    protected virtual double Finish(double mean) => mean;

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The shapes of output, target and weight don't fit together.</exception>
    public sealed override void Update(Tensor output, Tensor target, Tensor? weight)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(target);
        using var scope = NewDisposeScope();
        using var inference = no_grad();

        var values = Values(output, target).to(ScalarType.Float64);                                // [N]
        var weights = weight?.to(ScalarType.Float64) ?? ones_like(values);                         // [N]
        if (values.dim() != 1 || values.shape[0] != output.shape[0] || !weights.shape.SequenceEqual(values.shape))
            throw new ArgumentException(
                $"The metric '{Name}' can't compare outputs [{string.Join(", ", output.shape)}] with labels [{string.Join(", ", target.shape)}]"
                + $"{(weight is null ? "" : $" and weights [{string.Join(", ", weight.shape)}]")}: there must be one of each per example.");

        total ??= zeros([], ScalarType.Float64, values.device).DetachFromDisposeScope();
        count ??= zeros([], ScalarType.Float64, values.device).DetachFromDisposeScope();
        total.add_(values.dot(weights));
        count.add_(weights.sum());
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
