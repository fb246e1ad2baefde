namespace MlComponents.Tests.Data.Loading;

/// <summary>Wherever an epoch ends, and however, it leaves neither a thread nor a tensor.</summary>
[TestClass]
public sealed class LoaderEndTests
{
    private const int Rows = 60;
    private const int BatchSize = 2;

    public static IEnumerable<object[]> Moments => Enumerable.Range(0, 50).Select(seed => new object[] { seed });

    [TestMethod]
    [DynamicData(nameof(Moments))]
    public void Epoch_ThatEndsAtAnyMoment_LeavesNothing(int seed)
    {
        var random = new Random(seed);
        var (workers, batchesPerWorker, persistent) = (random.Next(1, 5), random.Next(1, 4), random.Next(2) == 0);
        var (how, when) = ((End)(seed % 4), random.Next(1, Rows / BatchSize + 1));
        var threads = new WorkerThreads();
        var reads = 0;
        using var cancellation = new CancellationTokenSource();
        var data = new NumberedRows(Rows, _ =>
        {
            if (Interlocked.Increment(ref reads) != when)
                return;
            if (how == End.CancelledByAWorker)
                cancellation.Cancel();
            if (how == End.Failed)
                throw new InvalidOperationException("mine");
        });
        var baseline = TensorAssert.LiveCount();

        var given = 0;
        using (var loader = new DataLoader(data, new RandomSampler(Rows, seed), BatchSize, CPU)
        {
            Prefetching = new() { Workers = workers, BatchesPerWorker = batchesPerWorker, PersistentWorkers = persistent, WorkerStart = threads.Start },
        })
            try
            {
                foreach (var batch in loader.Epoch(1, cancellationToken: cancellation.Token))
                {
                    Assert.AreEqual(BatchSize, batch.Count);
                    if (++given == when && how == End.Left)
                        break;
                    if (given == when && how == End.CancelledByTheCaller)
                        cancellation.Cancel();
                }
                Assert.AreNotEqual(End.Failed, how);
            }
            catch (BatchReadException) when (how == End.Failed)
            {
            }

        Assert.AreEqual(0, threads.Alive, "threads are left");
        Assert.HasCount(workers, threads.All);
        Assert.AreEqual(baseline, Tensor.TotalCount, "tensors are left");
        if (how is End.Left or End.CancelledByTheCaller)
            Assert.AreEqual(when, given);
        else
            Assert.IsLessThan(when + (how == End.CancelledByAWorker ? 1 : workers), given);
    }

    [TestMethod]
    public void Cancel_WhileAWorkerIsStuck_EndsTheEpochAtOnceAndTheWorkerLater()
    {
        using var stuck = new ManualResetEventSlim();
        using var cancellation = new CancellationTokenSource();
        var threads = new WorkerThreads();
        var data = new NumberedRows(Rows, number =>
        {
            if (number != 4)
                return;
            cancellation.Cancel();
            stuck.Wait();
        });
        var baseline = TensorAssert.LiveCount();
        using var loader = new DataLoader(data, new SequentialSampler(Rows), BatchSize, CPU)
        {
            Prefetching = new() { Workers = 2, PersistentWorkers = true, WorkerStart = threads.Start, LeavingTime = TimeSpan.Zero },
        };

        var given = loader.Epoch(1, cancellationToken: cancellation.Token).Count();
        Assert.IsGreaterThan(0, threads.Alive);
        stuck.Set();
        foreach (var thread in threads.All)
            thread.Join();

        Assert.IsLessThan(3, given);
        Assert.AreEqual(baseline, Tensor.TotalCount);
    }

    [TestMethod]
    public void Timeout_OfAStuckWorker_NamesItAndItsExamples()
    {
        using var reached = new ManualResetEventSlim();
        using var stuck = new ManualResetEventSlim();
        var threads = new WorkerThreads();
        var name = "";
        var data = new NumberedRows(Rows, number =>
        {
            if (number != 4)
                return;
            name = Thread.CurrentThread.Name;
            reached.Set();
            stuck.Wait();
        });
        var baseline = TensorAssert.LiveCount();
        using var loader = new DataLoader(data, new SequentialSampler(Rows), BatchSize, CPU)
        {
            Prefetching = new() { Workers = 2, Timeout = TimeSpan.FromSeconds(1), WorkerStart = threads.Start, LeavingTime = TimeSpan.Zero },
        };
        var given = 0;

        var e = Assert.ThrowsExactly<TimeoutException>(() =>
        {
            foreach (var batch in loader.Epoch(7))
                if (++given == 2)
                    reached.Wait();
        });
        stuck.Set();
        foreach (var thread in threads.All)
            thread.Join();

        Assert.AreEqual(2, given);
        Assert.AreEqual(
            $"Batch 3 of epoch 7 (examples 4, 5; on '{name}') wasn't there after 00:00:01 and is still being read: look for what it waits for, or set Prefetching.Timeout to more, or to null for ever.", e.Message);
        Assert.AreEqual(baseline, Tensor.TotalCount);
    }

    [TestMethod]
    public void Timeout_OfAStuckSampler_NamesWhoAsksIt()
    {
        using var stuck = new ManualResetEventSlim();
        var threads = new WorkerThreads();
        using var loader = new DataLoader(new NumberedRows(Rows), new LambdaBatches(1, _ => { stuck.Wait(); return []; }), CPU)
        {
            Prefetching = new() { Workers = 1, Timeout = TimeSpan.FromSeconds(1), WorkerStart = threads.Start, LeavingTime = TimeSpan.Zero },
        };

        var e = Assert.ThrowsExactly<TimeoutException>(() => loader.Epoch(1).Count());
        stuck.Set();
        threads.All[0].Join();

        StringAssert.StartsWith(e.Message, "Batch 1 of epoch 1 wasn't there after 00:00:01 and is waited for by 'MlComponents loader worker 0', who asks the sampler or the stream for it:");
    }

    [TestMethod]
    public void Timeout_WithoutWorkers_DoesNothing()
    {
        using var loader = new DataLoader(new NumberedRows(Rows), new SequentialSampler(Rows), BatchSize, CPU) { Prefetching = new() { Timeout = TimeSpan.FromTicks(1) } };

        Assert.AreEqual(Rows / BatchSize, loader.Epoch(1).Count());
    }

    [TestMethod]
    [DataRow(0)]
    [DataRow(2)]
    public void Cancel_HeardByTheDataSetItself_EndsTheEpoch(int workers)
    {
        using var cancellation = new CancellationTokenSource();
        var data = new NumberedRows(Rows, number =>
        {
            if (number == 6)
                cancellation.Cancel();
            cancellation.Token.ThrowIfCancellationRequested();
        });
        using var loader = new DataLoader(data, new SequentialSampler(Rows), BatchSize, CPU) { Prefetching = new() { Workers = workers } };

        Assert.IsLessThan(4, loader.Epoch(1, cancellationToken: cancellation.Token).Count());
    }

    private enum End
    {
        CancelledByAWorker,
        CancelledByTheCaller,
        Left,
        Failed,
    }
}

/// <summary>Batches made by a function.</summary>
internal sealed class LambdaBatches(long count, Func<int, IReadOnlyList<ReadOnlyMemory<long>>> batches) : BatchSampler
{
    public override long Count => count;

    public override IReadOnlyList<ReadOnlyMemory<long>> Batches(int epoch) => batches(epoch);
}
