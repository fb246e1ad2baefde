using System.ComponentModel.DataAnnotations;
using static System.FormattableString;

namespace MlComponents;

/// <summary>
/// Finds a learning rate by a short run on a fresh network: the rate rises with every step, in equal ratios from the lowest to the highest, until the loss diverges. What it gives is
/// the losses by rate, and the rate at which they fall fastest.
/// </summary>
/// <remarks>
/// After Smith, Cyclical Learning Rates, 2017 (arXiv 1506.01186, section 3.3), who raises the rate linearly and over some epochs; in equal ratios and in a hundred steps as fastai and Lightning
/// do. The same seed gives the same curve. The run is a run of <see cref="Trainer"/>: it is seen by telemetry, and leaves no network behind.
/// </remarks>
public sealed record LearningRateFinder : IValidatableObject
{
    /// <summary>Learning rate of the first step. Above 0; default 1e-7.</summary>
    [Range(0, double.MaxValue, MinimumIsExclusive = true)]
    public double Lowest { get; init; } = 1e-7;

    /// <summary>Learning rate of the last step, if the loss doesn't diverge before. Above 0 and above <see cref="Lowest"/>; default 10.</summary>
    [Range(0, double.MaxValue, MinimumIsExclusive = true)]
    public double Highest { get; init; } = 10;

    /// <summary>Steps from the lowest rate to the highest. At least 20; default 100.</summary>
    [Range(LearningRateCurve.FewestPoints, int.MaxValue)]
    public int Steps { get; init; } = 100;

    /// <summary>The weight of what came before in the running means of the losses. At least 0 and below 1; default 0.9.</summary>
    [Range(0.0, 1.0, MaximumIsExclusive = true)]
    public double Smoothing { get; init; } = 0.9;

    /// <summary>The run ends when the running mean of the losses is so many times the smallest that it was. Above 1; default 4.</summary>
    [Range(1, double.MaxValue, MinimumIsExclusive = true)]
    public double Divergence { get; init; } = 4;

    /// <summary>Runs the search.</summary>
    /// <param name="options">
    /// How the network is to be trained. Its callbacks, checkpoints, average, schedule and limits are left out, and so is the optimizer's learning rate; all else holds: batch size,
    /// optimizer, precision, device, seed.
    /// </param>
    /// <param name="network">What is to be trained; the search builds one of its own.</param>
    /// <param name="objective">What the task is.</param>
    /// <param name="training">Rows to learn from; as many epochs as the steps need.</param>
    /// <returns>The curve; where it is of no use its <see cref="LearningRateCurve.Suggestion"/> says why.</returns>
    /// <exception cref="ValidationException">An option is not allowed.</exception>
    /// <exception cref="ArgumentException">The data, the network and the options don't fit together.</exception>
    /// <exception cref="InvalidDataException">The loss of the first step, before anything was learned, is NaN or infinite, or its gradient is.</exception>
    /// <exception cref="OperationCanceledException">The search was cancelled.</exception>
    public LearningRateCurve Find(TrainerOptions options, NetworkDefinition network, Objective objective, Dataset training)
    {
        ArgumentNullException.ThrowIfNull(options);
        OptionsValidation.Validate(this);

        var (rates, losses) = (new List<double>(), new List<double>());
        var (mean, smallest) = (new ExponentialMean(Smoothing), double.PositiveInfinity);
        try
        {
            SearchRun.Run(
                SearchRun.Options(options, Steps, OnStepEnd) with { Optimizer = options.Optimizer with { LearningRate = 1 }, Schedule = new RateRamp(Lowest, Highest, Steps) },
                network, objective, training);
        }
        catch (NonFiniteLossException e) when (rates.Count == 0)
        {
            throw new InvalidDataException("The loss or the gradient of the first step is not finite, whatever the learning rate: look for NaN, infinite or extreme values in the data.", e);
        }
        catch (NonFiniteLossException)
        {
            // The rate is too high by now, which is what the search is for.
        }
        return new LearningRateCurve(rates, losses, Smoothing);

        void OnStepEnd(StepEnd e)
        {
            rates.Add(e.LearningRate);
            losses.Add(e.Loss!.Value);
            var smoothed = mean.Add(e.Loss.Value);
            smallest = Math.Min(smallest, smoothed);
            if (smoothed > smallest + (Divergence - 1) * Math.Abs(smallest))
                e.Run.Stop(Invariant($"The loss diverges at a learning rate of {e.LearningRate:g3}."));
        }
    }

    IEnumerable<ValidationResult> IValidatableObject.Validate(ValidationContext validationContext)
    {
        if (Highest <= Lowest)
            yield return new ValidationResult(Invariant($"Highest is {Highest}, which isn't above Lowest, {Lowest}."));
    }

    /// <summary>From one rate to another in equal ratios, of an optimizer whose own rate is 1.</summary>
    private sealed record RateRamp(double Lowest, double Highest, int Steps) : ScheduleDefinition
    {
        public override double Factor(SchedulePosition position) => Ramp.Between(RampShape.Exponential, Lowest, Highest, (double)position.Step / (Steps - 1));
    }
}
