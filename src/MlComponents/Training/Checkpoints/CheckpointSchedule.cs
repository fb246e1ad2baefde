namespace MlComponents;

/// <summary>Says between which steps of a run a checkpoint is due.</summary>
/// <param name="options">The occasions.</param>
/// <param name="time">The clock of <see cref="Checkpointing.EveryMinutes"/>, which begins now.</param>
internal sealed class CheckpointSchedule(Checkpointing options, TimeProvider time)
{
    private long last = time.GetTimestamp();

    /// <summary>Whether one is due now.</summary>
    /// <param name="step">Steps done.</param>
    /// <param name="endsEpoch">Whether that was an epoch's last step.</param>
    public bool IsDue(long step, bool endsEpoch) => IsDue(options, step, endsEpoch, time.GetElapsedTime(last));

    /// <summary>Starts the time until the next one.</summary>
    public void Taken() => last = time.GetTimestamp();

    /// <summary>Whether a checkpoint is due, as a function of nothing else.</summary>
    /// <param name="options">The occasions.</param>
    /// <param name="step">Steps done.</param>
    /// <param name="endsEpoch">Whether that was an epoch's last step.</param>
    /// <param name="sinceLast">Time since the last one was taken, or since the run began.</param>
    public static bool IsDue(Checkpointing options, long step, bool endsEpoch, TimeSpan sinceLast) =>
        (options.EverySteps is { } steps && step > 0 && step % steps == 0)
        || (options.EveryEpoch && endsEpoch)
        || (options.EveryMinutes is { } minutes && sinceLast.TotalMinutes >= minutes);
}
