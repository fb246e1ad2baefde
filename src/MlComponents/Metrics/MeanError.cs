namespace MlComponents;

/// <summary>The mean of <c>|x − t|^p</c>, to the power of 1/p: the mean absolute error for p = 1, the root mean squared error for p = 2.</summary>
/// <remarks>Outputs and targets are numbers, [N]; differences are taken in float64.</remarks>
/// <param name="name">Name of the metric.</param>
/// <param name="power">The power p, at least 1.</param>
public sealed class MeanError(string name, int power) : WeightedMean(name, MetricDirection.Falls)
{
    private readonly int power = power >= 1 ? power : throw new ArgumentOutOfRangeException(nameof(power), power, "The power must be at least 1.");

    /// <inheritdoc/>
    protected override Tensor Values(Tensor output, Tensor target) => (output.to(ScalarType.Float64) - target).abs().pow(power);

    /// <inheritdoc/>
    protected override double Finish(double mean) => Math.Pow(mean, 1.0 / power);
}
