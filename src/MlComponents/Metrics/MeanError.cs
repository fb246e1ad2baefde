namespace MlComponents;

/// <summary>The mean of <c>|x − t|^p</c>, to the power of 1/p: the mean absolute error for p = 1, the root mean squared error for p = 2.</summary>
/// <param name="name">Name of the metric.</param>
/// <param name="power">The power p, 1 or 2.</param>
public sealed class MeanError(string name, int power) : WeightedMean(name, MetricDirection.Falls)
{
    /// <inheritdoc/>
    protected override Tensor Values(Tensor output, Tensor target) => (output - target).abs().pow(power);

    /// <inheritdoc/>
    protected override double Finish(double mean) => Math.Pow(mean, 1.0 / power);
}
