using System.ComponentModel.DataAnnotations;

namespace MlComponents;

/// <summary>
/// The mean of <c>|x − t|^p</c>, and of that the root <c>1/p</c>: the mean absolute error for p = 1, the root mean squared error for p = 2.
/// </summary>
/// <remarks>
/// Outputs and targets are numbers, [N, ...]; differences are taken in float64. Its name is <c>mae</c> for p = 1, <c>rmse</c> for p = 2,
/// <c>mse</c> for p = 2 without the root, and else e.g. <c>mean-error-3</c> or <c>mean-error-3-without-root</c>. The presets <c>mae</c>,
/// <c>mse</c> and <c>rmse</c> stand for these in files.
/// </remarks>
public sealed record MeanError : MetricDefinition
{
    /// <summary>The power p. At least 1; default 1.</summary>
    [Range(1, int.MaxValue)]
    public int Power { get; init; } = 1;

    /// <summary>Whether the root is taken at the end, so that the error has the target's unit. Default: true.</summary>
    public bool TakesRoot { get; init; } = true;

    /// <summary>A target that doesn't count. Null, the default: every target counts.</summary>
    public long? IgnoreIndex { get; init; }

    /// <inheritdoc/>
    public override Metric Create(long outputs) => new MeanErrorMetric(this);
}

/// <summary>The live <see cref="MeanError"/>.</summary>
internal sealed class MeanErrorMetric(MeanError options) : WeightedMean(NameOf(options), MetricDirection.Falls)
{
    protected override Tensor Values(Tensor output, Tensor target)
    {
        var error = (MetricInput.Numbers(Subject, output, target).to(ScalarType.Float64) - target).abs();   // [N, ...]
        return options.Power == 1 ? error : error.pow(options.Power);
    }

    protected override Tensor? Counted(Tensor target) => options.IgnoreIndex is { } ignored ? target.ne(ignored) : null;

    protected override double Finish(double mean) => options.TakesRoot ? Math.Pow(mean, 1.0 / options.Power) : mean;

    private static string NameOf(MeanError options) => (options.Power, options.TakesRoot) switch
    {
        (1, _) => "mae",
        (2, true) => "rmse",
        (2, false) => "mse",
        (var power, true) => $"mean-error-{power}",
        (var power, false) => $"mean-error-{power}-without-root",
    };
}
