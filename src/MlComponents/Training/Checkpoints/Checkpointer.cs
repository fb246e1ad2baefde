namespace MlComponents;

/// <summary>Takes a run's checkpoints: when they are due, at its end, and when it fails or is cancelled.</summary>
internal sealed class Checkpointer(Checkpointing options, CheckpointWriter writer, TrainingRun run, RunState state, Action<long> tell) : IDisposable
{
    private readonly CheckpointSchedule schedule = new(options, TimeProvider.System);
    private Moment moment;
    private Checkpoint? beforeReport;
    private (long Step, int Epoch, long Batch) taken = (run.Step, run.Epoch, run.Batch);

    /// <summary>What of the run an error would leave half done.</summary>
    private enum Moment
    {
        BetweenSteps,
        Moving,
        Reporting,
    }

    /// <summary>The optimizer is about to move the weights.</summary>
    public void StartMove() => moment = Moment.Moving;

    /// <summary>A step is whole.</summary>
    public void EndMove() => moment = Moment.BetweenSteps;

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
            Take(isRequired: run.Step == run.TotalSteps);   // no other comes after that of the last step
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
        if (moment == Moment.Reporting)
        {
            var before = beforeReport!;
            beforeReport = null;   // the writer's from now on
            Write(before, isRequired: true);
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
        beforeReport?.Dispose();
    }

    /// <summary>Whether the run has gone on since the last checkpoint.</summary>
    private bool IsAhead => taken != (run.Step, run.Epoch, run.Batch);

    private void Take(bool isRequired = false) => Write(state.Capture(), isRequired);

    private void Write(Checkpoint checkpoint, bool isRequired)
    {
        var position = (checkpoint.Step, checkpoint.Epoch, checkpoint.Batch);   // the checkpoint is the writer's from now on
        schedule.Taken();
        if (!writer.Write(checkpoint, isRequired))
            return;
        taken = position;
        tell(position.Step);
    }

    private void Warn()
    {
        foreach (var warning in writer.TakeWarnings())
            run.Warn(warning);
    }
}
