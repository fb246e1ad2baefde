namespace MlComponents.MLNet.Tests.Streaming;

/// <summary>What becomes of the temporary file in a run: it has no name, and is gone however the run ends; and a disk that fills.</summary>
[TestClass]
public sealed class TemporaryFileTests : StreamingTest
{
    [TestMethod]
    [OSCondition(OperatingSystems.Linux)]
    public void Fit_WhileItStreams_HasAFileWithoutAName()
    {
        var seen = 0;
        var look = new LambdaCallback
        {
            OnEpochStart = _ =>
            {
                seen++;
                Assert.IsEmpty(Folder.GetFiles());
                Assert.HasCount(2, OpenFiles);   // the rows to learn from, and those held back
                Assert.IsTrue(OpenFiles.All(file => file.EndsWith(" (deleted)", StringComparison.Ordinal)));
            },
        };

        LeavesNothing(networks: 1, () => Trainer(Options with { BatchSize = 500, ValidationFraction = 0.3 }, look).Fit(View()).Dispose());

        Assert.AreEqual(2, seen);
    }

    [TestMethod]
    [RequiresSmallDisk]
    public void Fit_OnADiskThatFillsWhileRowsAreWritten_SaysSoAndGoesOnWithoutTheFile()
    {
        var view = new WatchedView(View());
        using (var disk = SmallDisk.Of(kilobytes: 1024))
            LeavesNothing(networks: 1, () =>
            {
                using var model = Trainer(Options with { BatchSize = 500, TemporaryFolder = disk.Folder }).Fit(view);

                Assert.AreEqual(2, model.Model.History![^1].Epoch);
                Assert.IsNull(model.Model.History.StopReason);
                Assert.IsEmpty(Directory.GetFiles(disk.Folder));
            });

        Assert.HasCount(4, view.Passes);
        Assert.IsInRange((1 << 20) / NumberedRow.Bytes, Count * 3 / 5, view.Passes[0]);   // a megabyte, and what is in memory
        CollectionAssert.AreEqual(new[] { Count, Count, Count }, view.Passes.Skip(1).ToArray());
        Assert.AreEqual(0, view.Open);
        var warning = Warnings.Single();
        StringAssert.Contains(warning, "and mixed by the pool alone, because there is no room to write them down: The temporary file of the rows can't be written: No space left on device : '", StringComparison.Ordinal);
        StringAssert.Contains(warning, ".tmp'. Where rows of a kind lie together, ", StringComparison.Ordinal);
    }

    [TestMethod]
    public async Task Fit_KilledWhileItStreamsAndResumed_LeavesNoFileAndEndsWithTheBitsOfAnUndisturbedRun()
    {
        var options = StreamedRun.In(Folder.FullName);
        var killed = await ScoreProbeProcess.KillAtAsync("here", "stream", Folder.FullName);
        var left = Directory.GetFileSystemEntries(options.TemporaryFolder!);

        var (resumedFrom, validated, all) = (0L, new List<int>(), new List<int>());
        var watch = new LambdaCallback { OnTrainStart = e => resumedFrom = e.Run.ResumedFromStep ?? 0, OnValidationBatch = e => validated.AddRange(NumbersOf(e.Batch)) };
        using var resumed = StreamedRun.Fit(options, watch);
        var watchAll = new LambdaCallback { OnValidationBatch = e => all.AddRange(NumbersOf(e.Batch)) };
        using var undisturbed = StreamedRun.Fit(options with { Checkpoints = null }, watchAll);

        StringAssert.Contains(killed.Output, $"they are streamed in random order, from a temporary file in {options.TemporaryFolder}", StringComparison.Ordinal);
        Assert.IsEmpty(left);
        Assert.AreEqual(50, resumedFrom);   // of 42 steps an epoch
        CollectionAssert.AreEqual(Bits(undisturbed), Bits(resumed));
        CollectionAssert.AreEqual(all.Skip(all.Count / 2).ToArray(), validated);   // at the end of the second epoch
        var seen = Read(options with { Checkpoints = null }, View());
        CollectionAssert.AreEqual(seen.Validation, validated);
        CollectionAssert.AreEqual(All, seen.Epochs[1].Concat(validated).Order().ToArray());
    }
}
