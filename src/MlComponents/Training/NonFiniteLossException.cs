using System.Globalization;

namespace MlComponents;

/// <summary>The loss or the gradient of a step is NaN or infinite; the weights are those before that step wherever every step is read.</summary>
public sealed class NonFiniteLossException : Exception
{
    private const string Remedy = "lower the learning rate, set MaxGradientNorm, or look for extreme values in the data.";

    /// <summary>Creates the exception.</summary>
    internal NonFiniteLossException(long step, double loss, double learningRate, double? gradientNorm, long? readAt = null, ActivationFinding? finding = null)
        : base((readAt is { } late
            ? string.Create(CultureInfo.InvariantCulture,
                $"The loss or the gradient of step {step} is not finite, which was seen at step {late}, at a learning rate of {learningRate:g4} there: {Remedy}")
            : string.Create(CultureInfo.InvariantCulture,
                $"The loss of step {step} is {loss}, at a learning rate of {learningRate:g4} and a gradient norm of {gradientNorm ?? double.NaN:g4}: {Remedy}"))
            + (finding is null ? "" : $" {finding.Sentence}"))
    {
        ReadAt = readAt ?? step;
        Finding = finding;
        Step = step;
        Loss = loss;
        LearningRate = learningRate;
        GradientNorm = gradientNorm;
    }

    /// <summary>Number of the first such step, from 1.</summary>
    public long Step { get; }

    /// <summary>The loss: NaN, infinite, or finite with a gradient that isn't. NaN also where it was only seen some steps later (<see cref="TrainerOptions.LogEvery"/>).</summary>
    public double Loss { get; }

    /// <summary>
    /// Where in the network the numbers stop being finite; null where that isn't known, as where it was only seen some steps later, when the weights have moved
    /// (<see cref="TrainerOptions.LogEvery"/> of 1 tells).
    /// </summary>
    public ActivationFinding? Finding { get; }

    /// <summary>The learning rate of the step in which it was seen.</summary>
    public double LearningRate { get; }

    /// <summary>The L2 norm of all gradients of the step, or null when it wasn't read.</summary>
    public double? GradientNorm { get; }

    /// <summary>The step in which it was seen.</summary>
    internal long ReadAt { get; }

    /// <summary>The same with the place in the network.</summary>
    internal NonFiniteLossException With(ActivationFinding? finding) => new(Step, Loss, LearningRate, GradientNorm, finding: finding);
}
