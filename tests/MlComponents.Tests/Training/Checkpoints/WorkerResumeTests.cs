namespace MlComponents.Tests.Training.Checkpoints;

/// <summary>A run goes on from a checkpoint with the same bits whoever reads its batches, before and after.</summary>
[TestClass]
public sealed class WorkerResumeTests
{
    [TestMethod]
    [DataRow(2, 0, false)]
    [DataRow(0, 2, false)]
    [DataRow(4, 2, true)]
    public void Resume_WithOtherWorkers_EndsWithTheBitsOfNone(int before, int after, bool persistent)
    {
        using var store = new MemoryStore();
        var options = ResumeTests.Options with { Augmentations = [new MixUp()] };
        List<string> warnings = [];
        using var undisturbed = ResumeTests.Fit(options with { Checkpoints = null });
        using var watched = ResumeTests.Fit(options with { Prefetching = new() { Workers = before, PersistentWorkers = persistent } }, store);

        ResumeTests.AreEqual(undisturbed, watched, "with checkpoints");
        foreach (var step in store.Steps.Where(step => step % 4 == 3))
        {
            store.Latest = step;
            var resuming = options with { Prefetching = new() { Workers = after, PersistentWorkers = persistent }, Checkpoints = options.Checkpoints! with { Resume = true, EverySteps = null, EveryEpoch = false } };
            using var resumed = ResumeTests.Fit(resuming with { Callbacks = [.. options.Callbacks, new LambdaCallback { OnWarning = e => warnings.Add(e.Message) }] }, store);
            ResumeTests.AreEqual(undisturbed, resumed, $"from step {step}");
        }
        Assert.IsEmpty(warnings);
    }
}
