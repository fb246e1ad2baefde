using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Logging;

namespace MlComponents.Hosting;

/// <summary>Logs a run: its start, every epoch, the loss every ten seconds of a long one, and why it ended early.</summary>
internal sealed record LogProgress(ILogger Logger, string Job) : CallbackDefinition
{
    public override TrainingCallback Create() => new LogProgressCallback(Logger, Job);

    public static string Format(IEnumerable<KeyValuePair<string, double>> metrics) =>
        string.Join(", ", metrics.Select(metric => string.Create(CultureInfo.InvariantCulture, $"{metric.Key} {metric.Value:0.####}")));
}

internal sealed class LogProgressCallback(ILogger logger, string job) : TrainingCallback
{
    private static readonly TimeSpan StepsEvery = TimeSpan.FromSeconds(10);

    private long logged = Stopwatch.GetTimestamp();

    public override void OnTrainStart(TrainStart e)
    {
        logger.TrainingStarts(
            job, e.Run.Network.GetName(), e.Run.Context.Device.ToString(), e.Run.TrainingRows, e.Run.ValidationRows, e.Run.Epochs, e.Run.StepsPerEpoch, e.Run.Seed);
        if (e.Run.ResumedFromStep is { } step)
            logger.TrainingResumes(job, step);
    }

    public override void OnStepEnd(StepEnd e)
    {
        if (e.Loss is not { } loss || Stopwatch.GetElapsedTime(logged) < StepsEvery)
            return;
        logger.Step(job, e.Step, e.Run.TotalSteps, loss);
        logged = Stopwatch.GetTimestamp();
    }

    public override void OnEpochEnd(EpochEnd e)
    {
        logger.Epoch(job, e.Row.Epoch, e.Run.Epochs, e.Row.Seconds, LogProgress.Format(e.Row.Metrics));
        logged = Stopwatch.GetTimestamp();
    }

    public override void OnWarning(Warning e) => logger.TrainingWarning(job, e.Message);

    public override void OnTrainEnd(TrainEnd e)
    {
        if (e.Run.StopReason is { } reason)
            logger.TrainingStopped(job, reason);
    }
}
