namespace MlComponents;

/// <summary>Takes checkpoints of a run between two of its steps, and puts a run where one was taken.</summary>
internal sealed class RunState(TrainingRun run, Optimizer optimizer, PrecisionPolicy precision, LossMonitor monitor, RunClock clock, IReadOnlyList<TrainingCallback> callbacks, RunIdentity identity)
{
    /// <summary>What the user should know of a checkpoint that was restored.</summary>
    public IReadOnlyList<string> Warnings { get; private set; } = [];

    /// <summary>What the run is now.</summary>
    /// <exception cref="NonFiniteLossException">A step before had a loss or gradient that isn't finite: from its weights no run goes on, and they mustn't take the place of sound ones.</exception>
    public Checkpoint Capture()
    {
        monitor.ThrowIfNonFinite(run.Step, optimizer.LearningRate);
        var checkpoint = new Checkpoint
        {
            Step = run.Step, Epoch = run.Epoch, Batch = run.Batch, Definition = identity.Definition, Environment = identity.Environment,
            Metrics = run.History.Reverse().FirstOrDefault(row => row.Metrics.ContainsKey(MetricNames.ValidationLoss))?.Metrics ?? new Dictionary<string, double>(),
        };
        using var scope = NewDisposeScope();
        foreach (var (name, tensor) in run.Network.state_dict())
            checkpoint.Weights.Set(name, tensor);
        optimizer.SaveState(checkpoint.Optimizer);
        precision.SaveState(checkpoint.Run.Section("precision"));
        checkpoint.Run.Set("seconds", clock.Seconds);
        checkpoint.Run.Set("learningRate", optimizer.LearningRate);
        run.SaveState(checkpoint.Run.Section("run"));
        run.Averaging?.Average?.SaveState(checkpoint.Run.Section("average"));
        monitor.SaveState(checkpoint.Run.Section("losses"));
        RandomState.SaveState(checkpoint.Run.Section("random"));
        foreach (var (name, callback) in Named())
            callback.SaveState(checkpoint.Run.Section("callbacks").Section(name));
        return checkpoint;
    }

    /// <summary>Puts the run where the checkpoint was taken, before its callbacks hear of its start.</summary>
    /// <exception cref="InvalidDataException">The checkpoint is of another run.</exception>
    public void Restore(Checkpoint checkpoint)
    {
        CheckpointMismatch.ThrowIfOtherRun(checkpoint, identity.Definition);
        if (CheckpointMismatch.EnvironmentWarning(checkpoint, identity.Environment) is { } warning)
            Warnings = [warning];
        using var scope = NewDisposeScope();
        foreach (var (name, tensor) in run.Network.state_dict())
            checkpoint.Weights.CopyTo(name, tensor);
        optimizer.LoadState(checkpoint.Optimizer);
        precision.LoadState(checkpoint.Run.Section("precision"));
        optimizer.LearningRate = checkpoint.Run.Get<double>("learningRate");
        clock.Seconds = checkpoint.Run.Get<double>("seconds");
        run.LoadState(checkpoint.Run.Section("run"));
        (run.Step, run.Epoch, run.Batch, run.ResumedFromStep) = (checkpoint.Step, checkpoint.Epoch, checkpoint.Batch, checkpoint.Step);
        run.Averaging?.Average?.LoadState(checkpoint.Run.Section("average"));
        monitor.LoadState(checkpoint.Run.Section("losses"), run.Context.Device);
    }

    /// <summary>Gives the callbacks, after they have heard of the run's start, what they remembered, and the run the weights that they asked to be kept.</summary>
    public void RestoreCallbacks(Checkpoint checkpoint)
    {
        run.LoadBest(checkpoint.Run.Section("run"));
        foreach (var (name, callback) in Named())
            if (checkpoint.Run.Section("callbacks").Sections.TryGetValue(name, out var saved) && (saved.Values.Count > 0 || saved.Tensors.Count > 0 || saved.Sections.Count > 0))
                callback.LoadState(saved);
        RandomState.LoadState(checkpoint.Run.Section("random"), run.Seed, run.Step);
    }

    /// <summary>The callbacks by their place among those of the run's options, whose names don't depend on what else watches.</summary>
    private IEnumerable<(string Name, TrainingCallback Callback)> Named()
    {
        var seen = new Dictionary<string, int>();
        foreach (var (definition, callback) in run.Options.Callbacks.Zip(callbacks))
        {
            var kind = ComponentRegistry.Default.Contains(definition) ? ComponentRegistry.Default.NameOf(definition) : "unregistered";
            yield return ($"{kind}-{seen[kind] = seen.GetValueOrDefault(kind) + 1}", callback);
        }
    }
}
