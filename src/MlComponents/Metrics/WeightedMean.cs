namespace MlComponents;

/// <summary>A metric that is a mean: <c>Σ wᵢ·vᵢ / Σ wᵢ</c> over examples or their elements, both sums in float64 on the device.</summary>
public abstract class WeightedMean(string name, MetricDirection direction) : Metric(name, direction)
{
    private readonly RunningSum sums = new();   // Σ wᵢ·vᵢ and Σ wᵢ

    /// <summary>The value of each example, or of each of its elements.</summary>
    /// <param name="output">Raw output of the network, [N, ...].</param>
    /// <param name="target">Labels of the batch.</param>
    /// <returns>A tensor [N, ...] of any real dtype or bool.</returns>
    protected abstract Tensor Values(Tensor output, Tensor target);

    /// <summary>Which values count; by default, null, all do.</summary>
    /// <param name="target">Labels of the batch.</param>
    /// <returns>bool in the values' shape, or null.</returns>
    protected virtual Tensor? Counted(Tensor target) => null;

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

        var values = Values(output, target);                                                       // [N, ...]
        if (values.dim() == 0 || values.shape[0] != output.shape[0])
            throw MetricInput.Mismatch(Subject, output, target, "there must be one of each per example");
        var counted = Counted(target) ?? ones([1], ScalarType.Bool, values.device).expand(values.shape);   // [N, ...]
        var sum = OfExamples(values * counted);                                                    // [N]
        var weights = MetricInput.Weights(Subject, weight, sum);                                   // [N]

        sums.Add(stack([sum.dot(weights), OfExamples(counted).dot(weights)]));                     // [2]
    }

    /// <inheritdoc/>
    public sealed override double Compute() => sums.Read() is { } read ? Finish(read[0] / read[1]) : double.NaN;

    /// <inheritdoc/>
    protected override void Dispose(bool disposing) => sums.Dispose();

    /// <summary>The sum of each example's elements, [N, ...] to float64 [N].</summary>
    private static Tensor OfExamples(Tensor elements) => elements.unsqueeze(-1).flatten(1).sum([1], type: ScalarType.Float64);
}
