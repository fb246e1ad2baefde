using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace MlComponents.Hosting;

/// <summary>Runs the host's jobs one after another, once the host has started, on a thread of its own.</summary>
internal sealed class TrainingService(
    IEnumerable<TrainingJobRegistration> jobs, JobRunner runner, IOptions<TrainingHostOptions> options, IHostApplicationLifetime lifetime, ILogger<TrainingJob> logger)
    : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // A job that fails at once would otherwise stop a host that is still starting, which is an exception there.
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var registration = lifetime.ApplicationStarted.Register(started.SetResult);
        await started.Task.WaitAsync(stoppingToken);

        var succeeded = await Task.Factory.StartNew(() => RunJobs(stoppingToken), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

        var stops = options.Value.StopWhenDone || (!succeeded && options.Value.OnFailure == JobFailure.StopHost);
        if (stops && !succeeded)
            Environment.ExitCode = 1;
        if (stops)
            lifetime.StopApplication();
    }

    private bool RunJobs(CancellationToken stoppingToken)
    {
        var succeeded = true;
        foreach (var job in jobs)
        {
            if (stoppingToken.IsCancellationRequested || (!succeeded && options.Value.OnFailure == JobFailure.StopHost))
                break;
            succeeded &= Run(job, stoppingToken);
        }
        return succeeded;
    }

    private bool Run(TrainingJobRegistration job, CancellationToken stoppingToken)
    {
        try
        {
            runner.Run(job, stoppingToken);
            return true;
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            logger.JobCancelled(job.Name);
            return true;
        }
#pragma warning disable CA1031 // A job is foreign code: whatever it throws is logged, and what then happens is the user's choice.
        catch (Exception e)
#pragma warning restore CA1031
        {
            Report(job.Name, e);
            return false;
        }
    }

    /// <summary>A sentence for what a user can put right, the whole exception for what only a developer can.</summary>
    private void Report(string job, Exception e)
    {
        var missing = e.GetBaseException() as DllNotFoundException;   // what TorchSharp wraps in errors of its own
        if (missing is not null || e is IOException or UnauthorizedAccessException or InvalidDataException or ArgumentException or ValidationException
            or ComponentException or NonFiniteLossException)
        {
            logger.JobFailed(job, (missing ?? e).Message);
            logger.FailureDetails(job, e);
        }
        else
        {
            logger.JobFailedUnexpectedly(job, e);
        }
    }
}
