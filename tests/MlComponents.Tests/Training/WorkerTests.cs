using MlComponents.Tests.Data.Loading;

namespace MlComponents.Tests.Training;

/// <summary>Training whose batches are read by workers.</summary>
[TestClass]
public sealed class WorkerTests
{
    [TestMethod]
    [DataRow(1, false, "plain")]
    [DataRow(2, true, "plain")]
    [DataRow(4, false, "plain")]
    [DataRow(2, false, "swa")]
    [DataRow(4, true, "swa")]
    public void Fit_WithWorkers_EndsWithTheSameBits(int workers, bool persistent, string kind)
    {
        var options = Blobs.Options with { AccumulateBatches = 3, Augmentations = [new MixUp()], ValidateEvery = 2, ValidationBatchSize = 7, SanityValidationBatches = 1 };
        if (kind == "swa")   // whose batch statistics are computed by a pass over the training rows within an epoch
            options = options with { Average = new StochasticWeightAveraging { StartFraction = 0.3, EverySteps = 1 } };
        using var expected = Fit(options);
        var threads = new WorkerThreads();

        using var actual = Fit(options with { Prefetching = new() { Workers = workers, PersistentWorkers = persistent, WorkerStart = threads.Start } });

        CollectionAssert.AreEqual(TrainerTests.Bits(expected.Network), TrainerTests.Bits(actual.Network));
        Assert.AreEqual(expected.History.Count, actual.History.Count);
        foreach (var (one, other) in expected.History.Zip(actual.History))
            CollectionAssert.AreEqual(one.Metrics.ToList(), other.Metrics.ToList());
        Assert.AreEqual(0, threads.Alive);
        if (persistent)
            Assert.HasCount(workers * (kind == "swa" ? 3 : 2), threads.All);   // for training, for validation, and for the pass within an epoch

        static TrainingResult Fit(TrainerOptions options)
        {
            using var training = Blobs.Create(150, seed: 1);
            using var validation = Blobs.Create(40, seed: 2);
            return new Trainer(options).Fit(new Mlp { Hidden = [8], Dropout = 0.3, Normalization = new BatchNorm() }, Objective.Multiclass(Blobs.Classes), training, validation);
        }
    }

    [TestMethod]
    [DataRow("training")]
    [DataRow("validation")]
    public void Cancel_WhileAWorkerIsStuck_EndsTheRun(string where)
    {
        using var stuck = new ManualResetEventSlim();
        using var third = new ManualResetEventSlim();
        using var cancellation = new CancellationTokenSource();
        var threads = new WorkerThreads();
        var callback = new LambdaCallback { OnStepEnd = e => { if (e.Step == 3) third.Set(); } };
        var options = Blobs.Options with
        {
            BatchSize = 4, Shuffle = false, ValidationBatchSize = 4, Callbacks = [callback], CancellationToken = cancellation.Token,
            Prefetching = new() { Workers = 2, WorkerStart = threads.Start, LeavingTime = TimeSpan.Zero },
        };
        using var result = new Trainer(options).Fit(Blobs.Network, Objective.Multiclass(Blobs.Classes), Rows(stuckAt: where == "training" ? 12 : -1), Rows(stuckAt: where == "validation" ? 12 : -1));
        stuck.Set();
        foreach (var thread in threads.All)
            thread.Join();

        Assert.AreEqual($"Cancelled after {(where == "training" ? 3 : 6)} of 18 steps.", result.History.StopReason);

        WatchedBlobs Rows(int stuckAt) => new(Blobs.Create(24, seed: 1), number =>
        {
            if (number != stuckAt)
                return;
            third.Wait();
            cancellation.Cancel();
            stuck.Wait();
        });
    }

    /// <summary>Blobs whose reading is seen: by the number of the first row of each batch.</summary>
    private sealed class WatchedBlobs(TensorDataset rows, Action<long> onRead) : MapDataset
    {
        public override long Count => rows.Count;

        public override IReadOnlyDictionary<string, long[]> Shapes => rows.Shapes;

        public override Batch Gather(ReadOnlySpan<long> indices)
        {
            onRead(indices[0]);
            return rows.Gather(indices);
        }
    }
}
