using MlComponents;

namespace DigitRecognition;

/// <summary>Which run is meant, and how far it is.</summary>
/// <param name="Folder">Where its results are or go to.</param>
/// <param name="Settings">How it is trained.</param>
/// <param name="IsFinished">Whether it has a model that it won't learn beyond.</param>
internal sealed record RunPlan(RunFolder Folder, RunSettings Settings, bool IsFinished)
{
    private const string Root = "runs";
    private const string Name = "digits";

    /// <summary>A new run, or the one to go on with.</summary>
    /// <exception cref="UserException">The folder holds a run that isn't finished, and going on wasn't asked for; or what was asked for is another run.</exception>
    /// <exception cref="IOException">The folder can't be used.</exception>
    public static RunPlan Of(TrainOptions asked) => asked.Resume ? Resumed(asked) : New(asked);

    /// <summary>Removes what says that the run has begun, when it came to nothing.</summary>
    public void CleanUp()
    {
        if (!Folder.HasModel && !Folder.HasCheckpoint)
        {
            RunSettings.Delete(Folder);
            if (Directory.Exists(Folder.CheckpointsPath) && !Directory.EnumerateFileSystemEntries(Folder.CheckpointsPath).Any())
                Directory.Delete(Folder.CheckpointsPath);
        }
        Folder.DeleteIfEmpty();
    }

    private static RunPlan New(TrainOptions asked)
    {
        var settings = RunSettings.Of(asked);
        if (asked.Output is not { } output)
            return new(RunFolder.Create(Root, Name), settings, IsFinished: false);
        var folder = RunFolder.Use(output);
        if (folder.HasCheckpoint)
            throw new UserException($"The folder {folder.Path} holds checkpoints of a run that isn't finished: go on with it by --resume, or choose another folder.");
        return new(folder, settings, IsFinished: false);
    }

    private static RunPlan Resumed(TrainOptions asked)
    {
        var folder = asked.Output is { } output ? RunFolder.Resume(output)
            : RunFolder.All(Root, Name).FirstOrDefault(HasBegun) is { } newest ? RunFolder.Resume(newest.Path)
            : RunFolder.Create(Root, Name);
        var begun = RunSettings.Load(folder);
        if (folder.HasModel || folder.HasCheckpoint)
            begun?.MustBe(asked, folder);
        return new(folder, RunSettings.Of(asked, begun), folder.HasModel && !(WasStopped(folder) && folder.HasCheckpoint));
    }

    private static bool HasBegun(RunFolder folder) => folder.HasModel || folder.HasCheckpoint || RunSettings.AreIn(folder);

    /// <summary>Whether the model is the best of a run that was stopped: the history, which is written before it, says so.</summary>
    private static bool WasStopped(RunFolder folder) => File.Exists(folder.HistoryPath) && History.Load(folder.HistoryPath).StopReason is not null;
}
