using System.Diagnostics;

namespace MlComponents.Tests.Training.Checkpoints;

[TestClass]
public sealed class CheckpointWriterTests
{
    private static readonly Retention KeepTwo = new(2, 1, ExampleCheckpoint.Metric, MetricDirection.Falls);

    [TestMethod]
    public void Write_OfCheckpoints_KeepsThoseOfThePolicyAndFreesTheirMemory()
    {
        using var store = new SlowStore();
        var before = TensorAssert.LiveCount();

        using (var writer = new CheckpointWriter(store, KeepTwo))
            foreach (var (step, loss) in new[] { (1L, 0.9), (2L, 0.1), (3L, 0.5), (4L, 0.4), (5L, 0.3) })
            {
                writer.Write(ExampleCheckpoint.Create(step, loss));
                writer.Flush();
                Assert.IsEmpty(writer.TakeWarnings());
            }

        CollectionAssert.AreEqual(new[] { 1L, 2, 3, 4, 5 }, store.Written);
        CollectionAssert.AreEqual(new[] { 2L, 4, 5 }, store.Steps.ToArray());
        Assert.AreEqual(before, TensorAssert.LiveCount());
    }

    [TestMethod]
    public void Dispose_WithOneWaiting_WritesItAndEndsTheThread()
    {
        using var store = new SlowStore { IsSlow = true };
        var writer = new CheckpointWriter(store, KeepTwo);
        writer.Write(ExampleCheckpoint.Create(1));
        store.AwaitBegun();
        writer.Write(ExampleCheckpoint.Create(2));

        store.Allow(2);
        writer.Dispose();
        writer.Dispose();

        CollectionAssert.AreEqual(new[] { 1L, 2 }, store.Written);
        Assert.IsFalse(store.Thread!.IsAlive);
        using var late = ExampleCheckpoint.Create(3);
        Assert.ThrowsExactly<ObjectDisposedException>(() => writer.Write(late));
    }

    [TestMethod]
    public void Write_WhileTheDiskIsSlow_NeverWaitsAndKeepsTheNewest()
    {
        using var store = new SlowStore { IsSlow = true };
        var before = TensorAssert.LiveCount();
        using var writer = new CheckpointWriter(store, KeepTwo);
        writer.Write(ExampleCheckpoint.Create(1));
        store.AwaitBegun();

        for (var step = 2; step <= 50; step++)
            writer.Write(ExampleCheckpoint.Create(step));
        var living = TensorAssert.LiveCount() - before;
        store.Allow(2);
        writer.Flush();

        CollectionAssert.AreEqual(new[] { 1L, 50 }, store.Written);
        Assert.AreEqual(2 * 3, living, "tensors: one checkpoint that is being written, one that waits");
        var warning = writer.TakeWarnings().Single();
        StringAssert.StartsWith(warning, "The checkpoint step-00000002 is left out, because those before it are still being written", StringComparison.Ordinal);
    }

    [TestMethod]
    public void Write_OfTheBestWhileTheDiskIsSlow_IsNotGivenUpForANewerOne()
    {
        using var store = new SlowStore { IsSlow = true };
        using var writer = new CheckpointWriter(store, KeepTwo);
        writer.Write(ExampleCheckpoint.Create(1, 0.9));
        store.AwaitBegun();

        writer.Write(ExampleCheckpoint.Create(2, 0.5));
        Assert.IsFalse(writer.Write(ExampleCheckpoint.Create(3, 0.6)));
        Assert.IsFalse(writer.Write(ExampleCheckpoint.Create(4, double.NaN)));
        store.Allow(2);
        writer.Flush();

        CollectionAssert.AreEqual(new[] { 1L, 2 }, store.Written);
    }

    [TestMethod]
    public void Write_OfABetterOneWhileTheDiskIsSlow_TakesThePlaceOfTheBest()
    {
        using var store = new SlowStore { IsSlow = true };
        using var writer = new CheckpointWriter(store, KeepTwo);
        writer.Write(ExampleCheckpoint.Create(1, 0.9));
        store.AwaitBegun();

        writer.Write(ExampleCheckpoint.Create(2, 0.5));
        writer.Write(ExampleCheckpoint.Create(3, 0.4));
        store.Allow(2);
        writer.Flush();

        CollectionAssert.AreEqual(new[] { 1L, 3 }, store.Written);
    }

    [TestMethod]
    public void Write_OfTheLastWhileTheDiskIsSlow_IsWrittenAfterTheBest()
    {
        using var store = new SlowStore { IsSlow = true };
        using var writer = new CheckpointWriter(store, KeepTwo);
        writer.Write(ExampleCheckpoint.Create(1, 0.9));
        store.AwaitBegun();
        writer.Write(ExampleCheckpoint.Create(2, 0.5));

        var last = Task.Run(() => writer.Write(ExampleCheckpoint.Create(3, 0.6), isRequired: true));   // both are needed: this one waits for the disk
        store.Allow(3);
        last.Wait();
        writer.Flush();

        CollectionAssert.AreEqual(new[] { 1L, 2, 3 }, store.Written);
        Assert.IsEmpty(writer.TakeWarnings());
    }

    [TestMethod]
    public void Write_ThatFails_WarnsAndDeletesNothing()
    {
        using var store = new SlowStore { Failure = new IOException("No space left on device.") };
        foreach (var step in new[] { 1L, 2, 3, 4 })
            store.Add(step, 0.5);
        var before = TensorAssert.LiveCount();
        using var writer = new CheckpointWriter(store, KeepTwo);

        writer.Write(ExampleCheckpoint.Create(5, 0.1));
        writer.Flush();
        var warnings = writer.TakeWarnings();
        var left = store.Steps.ToArray();
        store.Failure = null;
        writer.Write(ExampleCheckpoint.Create(6, 0.1));
        writer.Flush();

        CollectionAssert.AreEqual(
            new[] { "The checkpoint step-00000005 couldn't be written, and training goes on without it: No space left on device." }, warnings.ToArray());
        CollectionAssert.AreEqual(new[] { 1L, 2, 3, 4 }, left);
        Assert.IsEmpty(writer.TakeWarnings());
        CollectionAssert.AreEqual(new[] { 4L, 6 }, store.Steps.ToArray());
        Assert.AreEqual(before, TensorAssert.LiveCount());
    }

    [TestMethod]
    public void Write_WhereTheOldCannotBeDeleted_WarnsAndTriesAgain()
    {
        using var store = new SlowStore { FailureToDelete = new UnauthorizedAccessException("Access is denied.") };
        using var writer = new CheckpointWriter(store, new Retention(1, 0, null, MetricDirection.Falls));
        writer.Write(ExampleCheckpoint.Create(1));
        writer.Flush();
        writer.Write(ExampleCheckpoint.Create(2));
        writer.Flush();
        var warning = writer.TakeWarnings().Single();
        store.FailureToDelete = null;

        writer.Write(ExampleCheckpoint.Create(3));
        writer.Flush();

        Assert.AreEqual("The checkpoint step-00000001, which needn't be kept, couldn't be deleted: Access is denied.", warning);
        CollectionAssert.AreEqual(new[] { 3L }, store.Steps.ToArray());
    }

    [TestMethod]
    public void Write_AfterGoingBack_NeverDeletesTheOneJustWritten()
    {
        using var store = new SlowStore();
        foreach (var (step, loss) in new[] { (100L, 0.5), (200L, 0.01), (300L, -1.0) })   // 300 is damaged, and 200 is found to be so when it is read
            store.Add(step, loss);
        using var writer = new CheckpointWriter(store, new Retention(1, 1, ExampleCheckpoint.Metric, MetricDirection.Falls));

        writer.Write(ExampleCheckpoint.Create(150, 0.6));
        writer.Flush();
        var left = store.Steps.ToArray();
        writer.Write(ExampleCheckpoint.Create(200, 0.4));
        writer.Flush();

        CollectionAssert.AreEqual(new[] { 100L, 150, 200, 300 }, left);
        CollectionAssert.AreEqual(new[] { 200L, 300 }, store.Steps.ToArray());
    }

    [TestMethod]
    public void Write_OfACheckpoint_IsASpanInsideTheOneInWhichItWasTaken()
    {
        using var parent = new Activity("test").Start();
        List<Activity> spans = [];
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == TrainingTelemetry.SourceName,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = span =>
            {
                if (span.TraceId == parent.TraceId)
                    spans.Add(span);
            },
        };
        ActivitySource.AddActivityListener(listener);
        using var store = new SlowStore();
        using (var writer = new CheckpointWriter(store, KeepTwo))
        {
            writer.Write(ExampleCheckpoint.Create(7));
            writer.Flush();
            store.Failure = new IOException("No space left on device.");
            writer.Write(ExampleCheckpoint.Create(8));
        }

        Assert.HasCount(2, spans);
        Assert.IsTrue(spans.TrueForAll(span => span.OperationName == "checkpoint" && span.ParentSpanId == parent.SpanId));
        Assert.AreEqual((7L, ActivityStatusCode.Unset), (spans[0].GetTagItem("mlcomponents.step"), spans[0].Status));
        Assert.IsGreaterThanOrEqualTo(0.0, (double)spans[0].GetTagItem("mlcomponents.checkpoint.duration")!);
        Assert.AreEqual((8L, ActivityStatusCode.Error), (spans[1].GetTagItem("mlcomponents.step"), spans[1].Status));
    }
}
