using System.Diagnostics;
using System.Runtime.ExceptionServices;
using TorchSharp.Modules;

namespace MlComponents;

/// <summary>The loop of one run.</summary>
internal sealed class TrainingLoop(TrainingRun run, Objective objective, IProcessGroup group, DataLoader loader, Validator validator) : IDisposable
{
    private readonly TrainerOptions options = run.Options;
    private readonly TrainingCallback[] callbacks = [new TelemetryCallback(), .. run.Options.Callbacks.Select(definition => definition.Create())];
    private readonly List<Parameter> parameters = [.. run.Network.parameters().Where(parameter => parameter.requires_grad)];
    private readonly Stopwatch clock = Stopwatch.StartNew();
    private readonly LossMonitor monitor = new(run.Options.LogEvery ?? (run.Context.Device.type == DeviceType.CPU ? 1 : 50));

    public void Run()
    {
        if (parameters.Count == 0)
            throw new ArgumentException($"The network {run.Network.GetName()} has no parameters to train: call RegisterComponents() at the end of its constructor.");
        if (validator.HasRows || options.Monitor != MetricNames.ValidationLoss)
            run.DirectionOf(options.Monitor);   // an unknown name is an error before the first step
        if (KeepsBest)
            run.KeepBest(options.Monitor);
        using (no_grad())
            foreach (var tensor in run.Network.parameters().Concat(run.Network.buffers()))
                group.Broadcast(tensor);
        options.CancellationToken.ThrowIfCancellationRequested();

        using var optimizer = options.Optimizer.Create(parameters);
        ExceptionDispatchInfo? error = null;
        var told = 0;
        try
        {
            foreach (var callback in callbacks)
            {
                told++;
                callback.OnTrainStart(new(run));
            }
            run.Network.train();
            for (var epoch = 1; epoch <= run.Epochs && run.StopReason is null; epoch++)
                RunEpoch(epoch, optimizer);
            run.History.StopReason = run.StopReason;
        }
#pragma warning disable CA1031 // Kept and thrown again, after every callback has heard of it.
        catch (Exception e)
        {
            error = ExceptionDispatchInfo.Capture(e);
        }

        foreach (var callback in callbacks.AsSpan(0, told))
            try
            {
                callback.OnTrainEnd(new(run, error?.SourceException));
            }
            catch (Exception e)
            {
                error ??= ExceptionDispatchInfo.Capture(e);
            }
#pragma warning restore CA1031
        optimizer.ZeroGradients();   // they are as large as the weights, and the network lives on
        error?.Throw();
    }

    public void Dispose() => monitor.Dispose();

    // A copy of the weights that only a cancelled run needs.
    private bool KeepsBest => validator.HasRows && options.CancellationToken.CanBeCanceled;

    private void RunEpoch(int epoch, Optimizer optimizer)
    {
        Notify(callback => callback.OnEpochStart(new(run, epoch)));
        monitor.StartEpoch();
        var waiting = Stopwatch.GetTimestamp();
        foreach (var batch in loader.Epoch(epoch).Take(options.DryRun ? 1 : int.MaxValue))
        {
            if (IsCancelled())
                return;

            var started = Stopwatch.GetTimestamp();
            Train(batch, optimizer);
            var ended = Stopwatch.GetTimestamp();
            var e = new StepEnd(run, epoch, run.Step, (int)batch.Count, optimizer.LearningRate, monitor.Loss, monitor.GradientNorm,
                Stopwatch.GetElapsedTime(started, ended), Stopwatch.GetElapsedTime(waiting, started));
            foreach (var callback in callbacks)
                callback.OnStepEnd(e);
            if (run.StopReason is not null)
                return;
            waiting = Stopwatch.GetTimestamp();
        }

        EndEpoch(epoch, optimizer.LearningRate);
    }

    /// <summary>The textbook step.</summary>
    private void Train(Batch batch, Optimizer optimizer)
    {
        using var scope = NewDisposeScope();

        optimizer.LearningRate = options.Optimizer.LearningRate * options.Schedule.Factor(new(run.Step, run.TotalSteps, run.StepsPerEpoch));
        optimizer.ZeroGradients();
        var result = objective.Step(run.Network, batch);
        result.Loss.backward();
        var gradients = new Gradients(parameters);
        gradients.AverageOver(group);
        run.Step++;
        var norm = options.MaxGradientNorm is not null || monitor.Reads(run.Step) ? gradients.Clip(options.MaxGradientNorm) : null;
        monitor.Read(run.Step, result, norm, batch.Count, optimizer.LearningRate);
        optimizer.Step();
    }

    private void EndEpoch(int epoch, double learningRate)
    {
        var metrics = monitor.EpochLosses(run.Step, learningRate);
        if (validator.HasRows)
        {
            Notify(callback => callback.OnValidationStart(new(run, epoch)));
            var values = validator.Run(run.Network, options.DryRun ? 1 : null, options.CancellationToken);
            if (values is null)
            {
                IsCancelled();
                return;
            }
            var recorded = run.Record(values);
            foreach (var (name, value) in values)
                metrics[name] = value;
            Notify(callback => callback.OnValidationEnd(new(run, epoch, recorded)));
        }

        var row = new HistoryRow
        {
            Epoch = epoch, Step = run.Step, Seconds = clock.Elapsed.TotalSeconds, LearningRate = learningRate, GradientNorm = monitor.LastGradientNorm, Metrics = metrics,
        };
        run.History.Add(row);
        Notify(callback => callback.OnEpochEnd(new(run, row)));
    }

    private bool IsCancelled()
    {
        if (!options.CancellationToken.IsCancellationRequested)
            return false;
        if (run.Step == 0)
            throw new OperationCanceledException("Training was cancelled before its first step.", options.CancellationToken);

        run.Stop($"Cancelled after {run.Step} of {run.TotalSteps} steps.");
        if (KeepsBest)
            run.RestoreBest(options.Monitor);
        return true;
    }

    private void Notify(Action<TrainingCallback> hook)
    {
        foreach (var callback in callbacks)
            hook(callback);
    }
}
