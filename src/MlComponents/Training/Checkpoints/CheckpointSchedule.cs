namespace MlComponents;

/// <summary>Between which steps of a run a checkpoint is due.</summary>
internal static class CheckpointSchedule
{
    /// <summary>Whether one is due, as a function of nothing else.</summary>
    /// <param name="options">The occasions.</param>
    /// <param name="step">Steps done.</param>
    /// <param name="endsEpoch">Whether that was an epoch's last step.</param>
    /// <param name="secondsSinceLast">Seconds of the run since the last one was taken, or since it began.</param>
    public static bool IsDue(Checkpointing options, long step, bool endsEpoch, double secondsSinceLast) =>
        (options.EverySteps is { } steps && step > 0 && step % steps == 0)
        || (options.EveryEpoch && endsEpoch)
        || (options.EveryMinutes is { } minutes && secondsSinceLast / 60 >= minutes);
}
