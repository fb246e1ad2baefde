using System.Diagnostics;
using System.Runtime.ExceptionServices;
using TorchSharp.Modules;

namespace MlComponents;

/// <summary>The loop of one run.</summary>
internal sealed class TrainingLoop(TrainingRun run, Objective objective, IProcessGroup group, DataLoader loader, Validator validator, PrecisionPolicy precision) : IDisposable
{
    private readonly TrainerOptions options = run.Options;
    private readonly TrainingCallback[] callbacks = [new TelemetryCallback(), .. run.Options.Callbacks.Select(definition => definition.Create())];
    private readonly List<Parameter> parameters = [.. run.Network.parameters().Where(parameter => parameter.requires_grad)];
    private readonly Freezing freezing = new(run.Network, run.Options.Freeze, run.Epochs);
    private readonly BackwardPass backward = new(run, objective, precision);
    private readonly List<Tensor> buffers = [.. run.Network.buffers()];
    private readonly RunClock clock = new();
    private readonly LossMonitor monitor = new(run.Options.LogEvery ?? (run.Context.Device.type == DeviceType.CPU ? 1 : 50));

    private Checkpointer? checkpointer;

    /// <param name="store">Where checkpoints go; null for none.</param>
    /// <param name="resume">Where the run begins.</param>
    public void Run(ICheckpointStore? store, ResumePoint resume)
    {
        CheckNames();
        using (no_grad())
            foreach (var tensor in run.Network.parameters().Concat(run.Network.buffers()))
                group.Broadcast(tensor);
        options.CancellationToken.ThrowIfCancellationRequested();

        using var optimizer = options.Optimizer.Create(GroupedParameters.Of(options, run.Network.named_parameters().Where(named => named.parameter.requires_grad)));
        using var averaging = run.Averaging = new(run, objective, loader, freezing);
        var state = new RunState(run, optimizer, precision, monitor, clock, callbacks[1..], new RunIdentity(run, objective, group));
        if (resume.Checkpoint is not null)
            state.Restore(resume.Checkpoint);
        ExceptionDispatchInfo? error = null;
        var told = 0;
        try
        {
            foreach (var callback in callbacks)
            {
                told++;
                callback.OnTrainStart(new(run));
            }
            run.TellWarnings(message => Notify(callback => callback.OnWarning(new(run, message))));
            Begin(state, store, resume);
            if (options.SanityValidationBatches > 0 && validator.HasRows && run.Step == 0)
                Validate(options.SanityValidationBatches, isTold: false);
            if (run.Step > 0 && IsReported)
                IsLate();   // a run whose time was over goes on only if it is given more
            while (!IsOver)
                RunEpoch(optimizer);
            run.History.StopReason = run.StopReason;
            checkpointer?.TakeLast();
            averaging.Finish();
        }
#pragma warning disable CA1031 // Kept and thrown again, after every callback has heard of it.
        catch (Exception e)
        {
            error = ExceptionDispatchInfo.Capture(e);
            Try(() => checkpointer?.TakeAfterError());
        }
        Try(() => checkpointer?.Finish());
        foreach (var callback in callbacks[..told])
            Try(() => callback.OnTrainEnd(new(run, error?.SourceException)));
        foreach (var callback in callbacks[..told])
            Try(() => callback.OnReport(new(run, error?.SourceException)));
        optimizer.ZeroGradients();   // they are as large as the weights, and the network lives on
        error?.Throw();

        void Try(Action end)
        {
            try
            {
                end();
            }
            catch (Exception e)
            {
                error ??= ExceptionDispatchInfo.Capture(e);
            }
        }
#pragma warning restore CA1031
    }

    public void Dispose()
    {
        backward.Dispose();
        monitor.Dispose();
        checkpointer?.Dispose();
        freezing.Dispose();
    }

    private bool IsOver => run.StopReason is not null || run.Step >= run.TotalSteps && IsReported;

    /// <summary>Whether the history has a row of the last step.</summary>
    private bool IsReported => run.History is [.., var last] && last.Step == run.Step;

    // A copy of the weights that only a cancelled run needs.
    private bool KeepsBest => validator.HasRows && options.CancellationToken.CanBeCanceled;

    /// <summary>What is unknown is an error before the first step.</summary>
    private void CheckNames()
    {
        if (parameters.Count == 0)
            throw new ArgumentException($"The network {run.Network.GetName()} has no parameters to train: call RegisterComponents() at the end of its constructor.");
        if (validator.HasRows || options.Monitor != MetricNames.ValidationLoss)
            run.DirectionOf(options.Monitor);
        options.Schedule.Check(run);
        if (options.Checkpoints?.Metric is { } metric)
            run.DirectionOf(metric);
        if (KeepsBest)
            run.KeepBest(options.Monitor);
    }

    /// <summary>Gives callbacks back what they remembered, and prepares the checkpoints to come.</summary>
    private void Begin(RunState state, ICheckpointStore? store, ResumePoint resume)
    {
        if (resume.Checkpoint is { } checkpoint)
            state.RestoreCallbacks(checkpoint);
        freezing.Apply(run.Batch == 0 ? Math.Max(1, run.Epoch - 1) : run.Epoch);   // as in the last step: a finished run may compute its average's statistics
        freezing.TrainMode();
        foreach (var warning in resume.Warnings.Concat(state.Warnings))
            run.Warn(warning);
        if (options.Checkpoints is not { } checkpoints || store is null || !run.WritesFiles)
            return;
        var metric = checkpoints.Metric ?? (validator.HasRows ? options.Monitor : null);
        var retention = new Retention(checkpoints.KeepLast, checkpoints.KeepBest, metric, metric is null ? MetricDirection.Falls : run.DirectionOf(metric));
        checkpointer = new(checkpoints, new CheckpointWriter(store, retention), run, state, step => Notify(callback => callback.OnCheckpoint(new(run, step))));
    }

    private void RunEpoch(Optimizer optimizer)
    {
        freezing.Apply(run.Epoch);
        freezing.TrainMode();
        Notify(callback => callback.OnEpochStart(new(run, run.Epoch)));
        if (run.Batch == 0)
            monitor.StartEpoch();
        ReportIfDue(optimizer.LearningRate);   // a resumed run may have been left before it
        var waiting = Stopwatch.GetTimestamp();
        foreach (var batches in run.Step < run.TotalSteps ? loader.Epoch(run.Epoch, run.Batch, options.AccumulateBatches, options.CancellationToken) : [])
        {
            if (IsCancelled() || run.StopReason is not null)
                return;

            var started = Stopwatch.GetTimestamp();
            Train(batches, optimizer);
            var ended = Stopwatch.GetTimestamp();
            var e = new StepEnd(run, run.Epoch, run.Step, (int)batches.Sum(batch => batch.Count), optimizer.LearningRate, monitor.Loss, monitor.GradientNorm,
                Stopwatch.GetElapsedTime(started, ended), Stopwatch.GetElapsedTime(waiting, started));
            foreach (var callback in callbacks)
                callback.OnStepEnd(e);
            ReportIfDue(optimizer.LearningRate);
            if (run.StopReason is not null)
                return;
            if (run.Step == run.TotalSteps || IsLate())
                break;
            if (run.Batch < run.BatchesPerEpoch)
                checkpointer?.TakeIfDue(endsEpoch: false);
            waiting = Stopwatch.GetTimestamp();
        }
        if (run.Batch < run.BatchesPerEpoch && run.Step < run.TotalSteps && IsCancelled())
            return;

        EndEpoch(optimizer.LearningRate);
    }

    /// <summary>The textbook step, on batches whose gradients add up.</summary>
    private void Train(IReadOnlyList<Batch> batches, Optimizer optimizer)
    {
        using var scope = NewDisposeScope();
        foreach (var callback in callbacks)
            callback.OnStepStart(new(run, run.Epoch, run.Step + 1));

        optimizer.LearningRate = options.Optimizer.LearningRate * (options.Average?.ScheduleFactor(run.Position) ?? options.Schedule.Factor(run.Position));
        var isSound = ComputeGradients(batches, optimizer);
        checkpointer?.StartMove();
        precision.Learn();
        if (isSound)
            optimizer.Step();
        run.Step++;
        run.Batch += batches.Count;
        if (isSound)
            run.Averaging!.Update();   // whose moments count this step
        checkpointer?.EndMove();
    }

    /// <summary>Gives the parameters their gradients, and leaves everything else as it was where that fails.</summary>
    /// <returns>Whether the optimizer can use them.</returns>
    private bool ComputeGradients(IReadOnlyList<Batch> batches, Optimizer optimizer)
    {
        using var before = new ForwardState(buffers, run.Context.Device);
        try
        {
            optimizer.ZeroGradients();
            var result = backward.Run(batches, before, optimizer.ZeroGradients);
            var gradients = new Gradients(parameters);
            gradients.AverageOver(group);
            var isSound = precision.Unscale(gradients);
            foreach (var callback in callbacks)
                callback.OnBackwardEnd(new(run, run.Epoch, run.Step + 1));
            if (options.MaxGradientValue is { } largest)
                gradients.ClipValue(largest);
            var norm = options.MaxGradientNorm is not null || monitor.Reads(run.Step + 1) ? gradients.Clip(options.MaxGradientNorm) : null;
            monitor.Read(run.Step + 1, result, isSound ? norm : null, batches.Sum(batch => batch.Count), optimizer.LearningRate);
            return isSound;
        }
        catch (NonFiniteLossException e) when (e.ReadAt == e.Step)   // later the weights have moved
        {
            before.Restore();
            throw e.With(backward.FindNonFinite(batches));
        }
        catch
        {
            before.Restore();
            throw;
        }
    }

    private void EndEpoch(double learningRate)
    {
        checkpointer?.StartReport();
        var isLast = run.Step == run.TotalSteps || run.IsInterrupted;
        if (Report(learningRate, validates: options.ValidateEvery is null || isLast || IsTimeToValidate) is not { } row)
            return;
        Notify(callback => callback.OnEpochEnd(new(run, row)));
        if (run.Batch == run.BatchesPerEpoch)
            (run.Epoch, run.Batch) = (run.Epoch + 1, 0);
        checkpointer?.EndReport();
        checkpointer?.TakeIfDue(endsEpoch: true);
    }

    /// <summary>Validates within an epoch when it is time to; at an epoch's end it comes with it.</summary>
    private void ReportIfDue(double learningRate)
    {
        if (run.StopReason is not null || run.Batch == 0 || run.Batch == run.BatchesPerEpoch || run.Step >= run.TotalSteps || !IsTimeToValidate || IsReported)
            return;
        checkpointer?.StartReport();
        if (Report(learningRate, validates: true) is not null)
            checkpointer?.EndReport();
    }

    private bool IsTimeToValidate => options.ValidateEvery is { } every && run.Step % every == 0;

    /// <summary>Adds a row to the history, of the epoch's losses so far and of a validation.</summary>
    /// <returns>The row, or null when the validation was cancelled.</returns>
    private HistoryRow? Report(double learningRate, bool validates)
    {
        var metrics = monitor.EpochLosses(run.Step, learningRate);
        Dictionary<string, MetricValue>? validated = null;
        if (validates && validator.HasRows)
        {
            Notify(callback => callback.OnValidationStart(new(run, run.Epoch)));
            var values = Validate(options.DryRun ? 1 : null, isTold: true);
            if (values is null)
            {
                IsCancelled();
                return null;
            }
            validated = run.Record(values);
            foreach (var (name, value) in values)
                metrics[name] = value;
        }

        var row = new HistoryRow
        {
            Epoch = run.Epoch, Step = run.Step, Seconds = clock.Seconds, LearningRate = learningRate, GradientNorm = monitor.LastGradientNorm, Metrics = metrics,
        };
        run.History.Add(row);
        if (validated is not null)
            Notify(callback => callback.OnValidationEnd(new(run, run.Epoch, validated)));
        return row;
    }

    private Dictionary<string, double>? Validate(long? maxBatches, bool isTold)
    {
        try
        {
            return run.Averaging!.Validate(isFinal => validator.Run(run.Network, maxBatches, isTold && isFinal ? TellBatch : null, options.CancellationToken));
        }
        finally
        {
            freezing.TrainMode();
        }
    }

    private void TellBatch(long number, long count, Batch batch, Tensor output) => Notify(callback => callback.OnValidationBatch(new(run, run.Epoch, number, count, batch, output)));

    private bool IsCancelled()
    {
        if (!options.CancellationToken.IsCancellationRequested)
            return false;
        if (run.Step == 0)
            throw new OperationCanceledException("Training was cancelled before its first step.", options.CancellationToken);

        run.Interrupt($"Cancelled after {run.Step} of {run.TotalSteps} steps.");
        checkpointer?.TakeLast();
        run.Averaging!.Finish(inAHurry: true);
        if (KeepsBest)
            run.RestoreBest(options.Monitor);
        return true;
    }

    private bool IsLate()
    {
        if (options.TimeLimit is not { } limit || clock.Seconds < limit.TotalSeconds || run.Step == run.TotalSteps)
            return false;
        run.Interrupt($"The time limit of {limit} was over after {run.Step} of {run.TotalSteps} steps.");
        return true;
    }

    private void Notify(Action<TrainingCallback> hook)
    {
        foreach (var callback in callbacks)
            hook(callback);
    }
}
