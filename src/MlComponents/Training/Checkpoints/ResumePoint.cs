namespace MlComponents;

/// <summary>The checkpoint from which a run goes on, if there is one, and what its user should know of it.</summary>
internal sealed class ResumePoint : IDisposable
{
    private readonly List<string> warnings = [];

    private ResumePoint()
    {
    }

    /// <summary>The checkpoint; null when the run begins anew.</summary>
    public Checkpoint? Checkpoint { get; private init; }

    /// <summary>Sentences for the user, once there are callbacks to hear them.</summary>
    public IReadOnlyList<string> Warnings => warnings;

    /// <summary>The seed of the run that goes on.</summary>
    public int? Seed => Checkpoint?.Definition["seed"]?.GetValue<int>();

    /// <summary>Looks for the newest sound checkpoint where the options ask for one.</summary>
    /// <exception cref="ArgumentException">The options don't ask for one, but there are some.</exception>
    /// <exception cref="InvalidDataException">The newest is of a newer format.</exception>
    public static ResumePoint Find(TrainerOptions options, ICheckpointStore? store)
    {
        if (options.Checkpoints is { Resume: false } checkpoints && store is { Steps: [.., var newest] })
            throw new ArgumentException(
                $"The folder {checkpoints.Folder} has checkpoints already, the newest of step {newest}: go on from it by Checkpointing.Resume, or choose another folder.", nameof(options));
        var found = new ResumePoint();
        if (options.Checkpoints is not { Resume: true } || store is null)
            return found;
        store.Prepare();
        return store.ReadLatest(found.warnings.Add) is { } checkpoint ? new(checkpoint, found.warnings) : found;
    }

    private ResumePoint(Checkpoint checkpoint, List<string> warnings)
    {
        Checkpoint = checkpoint;
        this.warnings = warnings;
    }

    public void Dispose() => Checkpoint?.Dispose();
}
