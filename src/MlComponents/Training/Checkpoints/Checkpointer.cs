namespace MlComponents;

/// <summary>Takes a run's checkpoints: when they are due, at its end, and when it fails or is cancelled.</summary>
internal sealed class Checkpointer(Checkpointing options, CheckpointWriter writer, TrainingRun run, RunState state, Action<long> tell) : IDisposable
{
    private readonly StepSnapshot? snapshot = options.OnError ? new(run.Network) : null;
    private readonly CheckpointSchedule schedule = new(options, TimeProvider.System);
    private Moment moment;
    private Checkpoint? beforeReport;
    private (long Step, int Epoch, long Batch) taken = (run.Step, run.Epoch, run.Batch);

    /// <summary>What of the run an error would leave half done.</summary>
    private enum Moment
    {
        BetweenSteps,
        Computing,
        Moving,
        Reporting,
    }

    /// <summary>A step begins: until its weights move it can be undone.</summary>
    public void StartStep()
    {
        snapshot?.Take();
        moment = Moment.Computing;
    }

    /// <summary>The optimizer is about to move the weights.</summary>
    public void StartMove() => moment = Moment.Moving;

    /// <summary>A step is whole.</summary>
    public void EndStep() => moment = Moment.BetweenSteps;

    /// <summary>A validation, or an epoch's end, is about to change what the run and its callbacks remember.</summary>
    public void StartReport()
    {
        if (options.OnError)
            beforeReport = state.Capture();
        moment = Moment.Reporting;
    }

    /// <summary>Everybody has heard of it.</summary>
    public void EndReport()
    {
        moment = Moment.BetweenSteps;
        beforeReport?.Dispose();
        beforeReport = null;
    }

    /// <summary>Takes a checkpoint between two steps if one is due.</summary>
    /// <param name="endsEpoch">Whether an epoch has just ended.</param>
    public void TakeIfDue(bool endsEpoch)
    {
        if (schedule.IsDue(run.Step, endsEpoch))
            Take();
        Warn();
    }

    /// <summary>Takes one at the end of the run.</summary>
    public void TakeLast()
    {
        if (IsAhead && (!run.IsCancelled || options.OnCancellation))
            Take(isRequired: true);
    }

    /// <summary>Takes one of what was last whole, after an error.</summary>
    public void TakeAfterError()
    {
        if (!options.OnError || moment == Moment.Moving || !IsAhead)
            return;
        if (moment == Moment.Computing)
            snapshot!.Restore();
        if (moment == Moment.Reporting)
        {
            Write(beforeReport!, isRequired: true);
            beforeReport = null;
        }
        else
        {
            Take(isRequired: true);
        }
    }

    /// <summary>Waits until all of them are on the disk.</summary>
    public void Finish()
    {
        writer.Flush();
        Warn();
    }

    public void Dispose()
    {
        writer.Dispose();
        snapshot?.Dispose();
        beforeReport?.Dispose();
    }

    /// <summary>Whether the run has gone on since the last checkpoint.</summary>
    private bool IsAhead => taken != (run.Step, run.Epoch, run.Batch);

    private void Take(bool isRequired = false) => Write(state.Capture(), isRequired);

    private void Write(Checkpoint checkpoint, bool isRequired)
    {
        taken = (checkpoint.Step, checkpoint.Epoch, checkpoint.Batch);
        schedule.Taken();
        writer.Write(checkpoint, isRequired);
        tell(taken.Step);
    }

    private void Warn()
    {
        foreach (var warning in writer.TakeWarnings())
            run.Warn(warning);
    }
}
