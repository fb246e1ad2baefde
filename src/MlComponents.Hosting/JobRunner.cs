using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.ML;

namespace MlComponents.Hosting;

/// <summary>Runs a job from its data to its published model, on the caller's thread.</summary>
internal sealed class JobRunner(
    IServiceProvider services, IOptions<TrainingHostOptions> options, IEnumerable<TrainingCallbackRegistration> callbacks, TimeProvider time, ILoggerFactory loggers)
{
    private readonly ILogger logger = loggers.CreateLogger<TrainingJob>();
    private readonly ILogger progress = loggers.CreateLogger("MlComponents.Hosting.TrainingProgress");
    private readonly ILogger mlLogger = loggers.CreateLogger("Microsoft.ML");

    /// <exception cref="OperationCanceledException">The job was cancelled before there was a model.</exception>
    public void Run(TrainingJobRegistration registration, CancellationToken cancellationToken)
    {
        using var scope = services.CreateScope();
        var job = registration.Create(scope.ServiceProvider);
        var name = registration.Name;
        var folder = job.OutputFolder is { } path ? RunFolder.Use(path) : RunFolder.Create(options.Value.OutputFolder, name, time);
        try
        {
            logger.JobStarts(name, folder.Path);
            Run(name, job, folder, scope.ServiceProvider, cancellationToken);
        }
        finally
        {
            folder.DeleteIfEmpty();
        }
    }

    private void Run(string name, TrainingJob job, RunFolder folder, IServiceProvider scoped, CancellationToken cancellationToken)
    {
        History? history = null;
        var ml = new MLContext(job.Seed);
        MLNetLog.Bridge(ml, mlLogger);
        var context = new TrainingJobContext(options.Value)
        {
            Job = name, ML = ml, CancellationToken = cancellationToken, OutputFolder = folder.Path, Services = scoped,
            Callbacks = [new LogProgress(progress, name), new LambdaCallback { OnTrainEnd = e => history = e.Run.History }],
        };
        if (options.Value.TensorBoard)
            context.Callbacks = [.. context.Callbacks, new TensorBoard { Folder = folder.TensorBoardPath }];
        foreach (var callback in callbacks)
            context.Callbacks = [.. context.Callbacks, callback.Create(context)];

        cancellationToken.ThrowIfCancellationRequested();
        var data = job.Data(context);
        cancellationToken.ThrowIfCancellationRequested();
        var model = job.Pipeline(context).Fit(data);
        using var owned = model as IDisposable;

        history?.Save(folder.HistoryPath);
        ml.Model.SaveAtomically(model, data.Schema, folder.ModelPath, overwrite: false);   // last: where there is a model, the run is complete
        logger.Published(name, folder.ModelPath);

        if (job.Evaluate is not { } evaluate)
            return;
        if (cancellationToken.IsCancellationRequested)
            logger.EvaluationSkipped(name);
        else
            logger.Evaluated(name, LogProgress.Format(evaluate(context, model)));
    }
}
