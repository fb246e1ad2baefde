namespace MlComponents.Tests.Training.Checkpoints;

/// <summary>A process that is killed at any moment and started again ends with the weights, the history and the report of one that was never disturbed, whether workers read its batches or not.</summary>
[TestClass]
public sealed class KillTests
{
    private const int Moments = 20;

    private static ResumeProbe.Ending undisturbed = null!;

    public required TestContext TestContext { get; init; }

    [ClassInitialize]
    public static async Task TrainUndisturbed(TestContext context)
    {
        using var probe = new ResumeProbe();
        undisturbed = await probe.FinishAsync();
        Assert.AreEqual("never", undisturbed.ResumedFrom);
        Assert.IsEmpty(undisturbed.Warnings);
        Assert.HasCount(6 + 1, undisturbed.Report.Split("<figure>"));
    }

    [TestMethod]
    public Task Resume_AfterKillsAtTwentyMoments_EndsWithTheSameBits() => KillAndResumeAsync(seed: 1);

    [TestMethod]
    [SlowTest]
    [TestCategory("Slow")]
    [DataRow(2)]
    [DataRow(3)]
    [DataRow(4)]
    [DataRow(5)]
    [DataRow(6)]
    [DataRow(7)]
    [DataRow(8)]
    [DataRow(9)]
    [DataRow(10)]
    [DataRow(11)]
    public Task Resume_AfterKillsAtTwentyOtherMoments_EndsWithTheSameBits(int seed) => KillAndResumeAsync(seed);

    [TestMethod]
    [DataRow("weights.safetensors")]
    [DataRow("run.safetensors")]
    [DataRow("state.json")]
    public async Task Resume_WithADamagedNewestCheckpoint_WarnsAndGoesOnFromTheOneBefore(string file)
    {
        using var probe = new ResumeProbe();
        await probe.KillAsync("validation", 100);
        var (before, newest) = (probe.Checkpoints[^2], probe.Checkpoints[^1]);
        Damage(Path.Combine(newest, file));

        var ending = await probe.FinishAsync();

        Assert.AreEqual($"{StepOf(before)}", ending.ResumedFrom);
        Assert.HasCount(1, ending.Warnings);
        Assert.Contains(Path.GetFileName(newest), ending.Warnings[0]);
        AssertUndisturbed(ending);
    }

    [TestMethod]
    public async Task Resume_OfAFinishedRun_TakesNoStep()
    {
        using var probe = new ResumeProbe();
        await probe.FinishAsync();

        var ending = await probe.FinishAsync();

        Assert.AreEqual($"{ResumeProbe.Steps}", ending.ResumedFrom);
        AssertUndisturbed(ending);
    }

    /// <summary>One run, killed again and again on its way to the end.</summary>
    private async Task KillAndResumeAsync(int seed)
    {
        var moments = Draw(new Random(seed));
        TestContext.WriteLine($"seed {seed}: {string.Join(", ", moments.Select(moment => $"{moment.Kind} {moment.Step}"))}");
        using var probe = new ResumeProbe();

        foreach (var (i, (kind, step)) in moments.Index())
        {
            await probe.KillAsync(kind, step, workers: i % 2 == 0 ? 2 : 0);
            if (kind == "writing")
                Assert.IsTrue(probe.HasPartOfOne, $"No checkpoint was being written in step {step}.");
            if (kind == "early")
                Assert.IsEmpty(probe.Checkpoints, $"There was a checkpoint in step {step}.");
        }
        var ending = await probe.FinishAsync(workers: 2);

        Assert.AreNotEqual("never", ending.ResumedFrom);
        Assert.IsFalse(probe.HasPartOfOne);
        AssertUndisturbed(ending);
    }

    /// <summary>Two moments before the first checkpoint, four in the writing of one, four in a validation, ten in steps.</summary>
    private static List<(string Kind, int Step)> Draw(Random random)
    {
        var later = Enumerable.Repeat("writing", 4).Concat(Enumerable.Repeat("validation", 4)).Concat(Enumerable.Repeat("step", Moments - 10))
            .Select(kind => (Kind: kind, Step: random.Next(ResumeProbe.FirstCheckpoint, ResumeProbe.Steps)));
        var early = Enumerable.Repeat("early", 2).Select(kind => (Kind: kind, Step: random.Next(1, ResumeProbe.FirstCheckpoint)));
        return [.. early.Concat(later).OrderBy(moment => moment.Step)];
    }

    private static void AssertUndisturbed(ResumeProbe.Ending ending)
    {
        Assert.AreEqual(undisturbed.Weights, ending.Weights);
        Assert.AreEqual(undisturbed.History, ending.History);
        Assert.AreEqual(undisturbed.Report, ending.Report);
    }

    private static void Damage(string file)
    {
        var bytes = File.ReadAllBytes(file);
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(file, bytes);
    }

    private static int StepOf(string checkpoint) => int.Parse(Path.GetFileName(checkpoint).AsSpan("step-".Length));
}
