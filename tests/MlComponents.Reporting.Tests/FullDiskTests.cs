using static TorchSharp.torch;

namespace MlComponents.Reporting.Tests;

/// <summary>What a run writes about itself doesn't end it where the disk is full: it says so once, and leaves no part of a file.</summary>
[TestClass]
public sealed class FullDiskTests
{
    private const int Epochs = 3;

    private readonly List<string> warnings = [];

    [TestMethod]
    [RequiresSmallDisk]
    public void Report_OnAFullDisk_IsOneWarningAndNoFile()
    {
        using var disk = SmallDisk.Of(kilobytes: 16);
        var path = Path.Combine(disk.Folder, "report.html");

        var epochs = Run(new HtmlReport { Path = path });

        Assert.AreEqual(Epochs, epochs);
        Assert.HasCount(1, warnings, string.Join("\n", warnings));
        Assert.StartsWith($"The report '{path}' could not be written: No space left on device", warnings[0]);
        Assert.IsEmpty(Directory.GetFileSystemEntries(disk.Folder));
    }

    [TestMethod]
    [RequiresSmallDisk]
    public void Report_OnAFullDisk_LeavesAnOlderOneWhole()
    {
        using var disk = SmallDisk.Of(kilobytes: 16);
        var path = Path.Combine(disk.Folder, "report.html");
        File.WriteAllText(path, "of yesterday");

        Run(new HtmlReport { Path = path });

        Assert.HasCount(1, warnings, string.Join("\n", warnings));
        CollectionAssert.AreEqual(new[] { path }, Directory.GetFileSystemEntries(disk.Folder));
        Assert.AreEqual("of yesterday", File.ReadAllText(path));
    }

    [TestMethod]
    [RequiresSmallDisk]
    public void TensorBoard_OnADiskThatFillsUp_IsOneWarningAndTheRunGoesOn()
    {
        using var disk = SmallDisk.Of(kilobytes: 24);
        var checkpoints = Directory.CreateTempSubdirectory("checkpoints-");
        var failed = 0;
        try
        {
            var epochs = Run(
                new TensorBoard { Folder = disk.Folder },
                new LambdaCallback { OnWarning = e => failed = failed == 0 ? e.Run.Epoch : failed },
                new() { Checkpoints = new() { Folder = checkpoints.FullName, EveryEpoch = true } });   // before each of which the events are written

            Assert.AreEqual(Epochs, epochs);
        }
        finally
        {
            checkpoints.Delete(recursive: true);
        }
        warnings.RemoveAll(warning => warning.Contains("the disk is slower", StringComparison.Ordinal));   // it may be
        Assert.HasCount(1, warnings, string.Join("\n", warnings));
        Assert.Contains("can't be written any more, and the run goes on without: No space left on device", warnings[0]);
        Assert.IsInRange(1, Epochs - 1, failed);
    }

    /// <summary>Trains, and keeps what it warns of.</summary>
    /// <returns>The epochs that its history has.</returns>
    private int Run(CallbackDefinition watcher, LambdaCallback? other = null, TrainerOptions? options = null)
    {
        using var objective = Objective.Multiclass(3);
        using var rows = new TensorDataset(rand(12, 1, 4, 4), arange(12) % 3);
        CallbackDefinition[] callbacks = [watcher, new LambdaCallback { OnWarning = e => warnings.Add(e.Message) }, other ?? new()];
        using var result = new Trainer((options ?? new()) with { Epochs = Epochs, BatchSize = 6, Seed = 1, Device = "cpu", Callbacks = callbacks }).Fit(new Mlp { Hidden = [8] }, objective, rows, rows);
        return result.History.Count;
    }
}
