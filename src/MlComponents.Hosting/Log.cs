using Microsoft.Extensions.Logging;

namespace MlComponents.Hosting;

/// <summary>Every message of this project.</summary>
internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Information, "{Job}: starts, output goes to {Folder}.")]
    public static partial void JobStarts(this ILogger logger, string job, string folder);

    [LoggerMessage(2, LogLevel.Information,
        "{Job}: {Network} on {Device} learns from {Rows} rows, {ValidationRows} for validation, in {Epochs} epochs of {Steps} steps, with seed {Seed}.")]
    public static partial void TrainingStarts(
        this ILogger logger, string job, string network, string device, long rows, long validationRows, int epochs, long steps, int seed);

    [LoggerMessage(3, LogLevel.Information, "{Job}: step {Step} of {Steps}, loss {Loss:0.####}.")]
    public static partial void Step(this ILogger logger, string job, long step, long steps, double loss);

    [LoggerMessage(4, LogLevel.Information, "{Job}: epoch {Epoch} of {Epochs} after {Seconds:0.0} s: {Metrics}.")]
    public static partial void Epoch(this ILogger logger, string job, int epoch, int epochs, double seconds, string metrics);

    [LoggerMessage(5, LogLevel.Information, "{Job}: training stopped: {Reason}")]
    public static partial void TrainingStopped(this ILogger logger, string job, string reason);

    [LoggerMessage(6, LogLevel.Information, "{Job}: model published to {Path}.")]
    public static partial void Published(this ILogger logger, string job, string path);

    [LoggerMessage(7, LogLevel.Information, "{Job}: evaluation: {Metrics}.")]
    public static partial void Evaluated(this ILogger logger, string job, string metrics);

    [LoggerMessage(8, LogLevel.Information, "{Job}: the host is stopping, so the model is not evaluated.")]
    public static partial void EvaluationSkipped(this ILogger logger, string job);

    [LoggerMessage(9, LogLevel.Information, "{Job}: cancelled before its first step, there is no model.")]
    public static partial void JobCancelled(this ILogger logger, string job);

    [LoggerMessage(10, LogLevel.Error, "{Job}: failed: {Reason}")]
    public static partial void JobFailed(this ILogger logger, string job, string reason);

    [LoggerMessage(11, LogLevel.Error, "{Job}: failed unexpectedly.")]
    public static partial void JobFailedUnexpectedly(this ILogger logger, string job, Exception exception);

    [LoggerMessage(12, LogLevel.Debug, "{Job}: where it failed.")]
    public static partial void FailureDetails(this ILogger logger, string job, Exception exception);

    [LoggerMessage(EventId = 13, Message = "{Source}: {Text}")]
    public static partial void FromMLNet(this ILogger logger, LogLevel level, string source, string text);

    [LoggerMessage(14, LogLevel.Warning, "{Job}: {Warning}")]
    public static partial void TrainingWarning(this ILogger logger, string job, string warning);

    [LoggerMessage(15, LogLevel.Information, "{Job}: goes on from the checkpoint of step {Step}.")]
    public static partial void TrainingResumes(this ILogger logger, string job, long step);
}
