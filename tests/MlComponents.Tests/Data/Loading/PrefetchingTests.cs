namespace MlComponents.Tests.Data.Loading;

[TestClass]
public sealed class PrefetchingTests
{
    private const int Rows = 50;   // of 4: 13 batches, the last one of 2

    [TestMethod]
    [DataRow(1, 1, false)]
    [DataRow(1, 2, false)]
    [DataRow(2, 1, true)]
    [DataRow(2, 2, false)]
    [DataRow(4, 1, false)]
    [DataRow(4, 3, true)]
    public void Epoch_WithWorkers_GivesTheSameBits(int workers, int batchesPerWorker, bool persistent)
    {
        var expected = Read(new());

        var actual = Read(new() { Workers = workers, BatchesPerWorker = batchesPerWorker, PersistentWorkers = persistent });

        Assert.HasCount(8 + 6 + 13, expected);
        CollectionAssert.AreEqual(expected, actual);
        CollectionAssert.AllItemsAreUnique(expected);

        static List<string> Read(Prefetching prefetching)
        {
            using var data = new Pictures(Rows);
            using var loader = new DataLoader(data.Rows, new RandomSampler(Rows, seed: 3), 4, CPU)
            {
                FeaturesShape = [1, 4, 4], FeaturesType = ScalarType.Float64, Prefetching = prefetching, MaxBatches = 13,
                Augmenter = new Augmenter([new RandomCrop { Padding = 1 }, new RandomErasing { Probability = 0.9 }, new MixUp()], seed: 5, data.Shapes),
            };
            List<string> bits = [];
            foreach (var batches in loader.Epoch(1, skip: 5, together: 3))
                bits.AddRange(batches.Select((batch, i) => $"{i} of {batches.Count}: {Batches.Bits(batch)}"));
            bits.AddRange(loader.Epoch(2, skip: 7).Select(Batches.Bits));
            bits.AddRange(loader.Epoch(3).Select(Batches.Bits));
            return bits;
        }
    }

    [TestMethod]
    [DataRow(1)]
    [DataRow(2)]
    [DataRow(3)]
    [DataRow(4)]
    [DataRow(5)]
    public void Epoch_WhateverWorkerIsReadyFirst_GivesTheOrderOfTheSampler(int seed)
    {
        const int workers = 4;
        const int batches = 13;
        var random = new Random(seed);
        var gate = new object();
        List<long> waiting = [];
        List<long> released = [];   // in this order
        var data = new NumberedRows(Rows, number =>
        {
            lock (gate)
            {
                waiting.Add(number);
                if (waiting.Count + released.Count == batches)
                    released.AddRange(waiting.Except(released).Reverse().ToList());
                else if (waiting.Count == workers)
                    released.Add(waiting[random.Next(workers)]);
                waiting.RemoveAll(released.Contains);
                Monitor.PulseAll(gate);
                while (!released.Contains(number))
                    Monitor.Wait(gate);
            }
        });
        using var loader = new DataLoader(data, new SequentialSampler(Rows), 4, CPU) { Prefetching = new() { Workers = workers, BatchesPerWorker = batches } };

        var numbers = loader.Epoch(1).SelectMany(Batches.Numbers).ToList();

        CollectionAssert.AreEqual(Enumerable.Range(0, Rows).Select(i => (long)i).ToList(), numbers);
        CollectionAssert.AreNotEqual(released.Order().ToList(), released);
    }

    [TestMethod]
    public void Epoch_OfACallerWhoWaits_IsReadAheadByWorkersTimesBatches()
    {
        var (begun, asked, tooEarly) = (0, 0, 0);
        using var full = new ManualResetEventSlim();
        var data = new NumberedRows(Rows, _ =>
        {
            var ahead = Interlocked.Increment(ref begun) - Volatile.Read(ref asked);
            if (ahead > 6)
                Interlocked.Increment(ref tooEarly);
            if (ahead == 6)
                full.Set();
        });
        using var loader = new DataLoader(data, new SequentialSampler(Rows), 2, CPU) { Prefetching = new() { Workers = 2, BatchesPerWorker = 3 } };

        using var batches = loader.Epoch(1).GetEnumerator();
        for (asked = 1; batches.MoveNext(); asked++)
            if (asked is 1 or 10)
            {
                Assert.IsTrue(full.Wait(TimeSpan.FromMinutes(1)), "fewer batches are read ahead than there is room for");
                full.Reset();
            }

        Assert.AreEqual(0, tooEarly);
        Assert.AreEqual(25, begun);
    }

    [TestMethod]
    [DataRow(0, false)]
    [DataRow(2, false)]
    [DataRow(2, true)]
    public void Epoch_WithinAnother_DisturbsNeither(int workers, bool persistent)
    {
        var threads = new WorkerThreads();
        var data = new NumberedRows(Rows);
        var loader = new DataLoader(data, new RandomSampler(Rows, seed: 1), 4, CPU) { Prefetching = new() { Workers = workers, PersistentWorkers = persistent, WorkerStart = threads.Start } };
        var first = loader.Epoch(1).SelectMany(Batches.Numbers).ToList();
        var second = loader.Epoch(2).SelectMany(Batches.Numbers).ToList();
        List<long> outer = [];
        List<long> inner = [];

        foreach (var batch in loader.Epoch(1))
        {
            outer.AddRange(Batches.Numbers(batch));
            if (outer.Count is 12 or 36)
                inner.AddRange(loader.Epoch(2).SelectMany(Batches.Numbers));
            outer.AddRange(Batches.Numbers(batch));   // it still has its tensors
        }
        var alive = threads.Alive;
        loader.Dispose();

        CollectionAssert.AreEqual(first.Chunk(4).SelectMany(batch => batch.Concat(batch)).ToList(), outer);
        CollectionAssert.AreEqual(second.Concat(second).ToList(), inner);
        Assert.AreEqual(persistent ? 4 : 0, alive);
        Assert.AreEqual(0, threads.Alive);
    }

    [TestMethod]
    [DataRow(false, 6)]
    [DataRow(true, 2)]
    public void WorkerStart_OfThreeEpochs_IsCalledOnceOnEveryWorkerBeforeItReads(bool persistent, int calls)
    {
        List<(int Number, string Thread)> started = [];
        HashSet<string> reading = [];
        var data = new NumberedRows(Rows, _ =>
        {
            lock (started)
                Assert.IsTrue(started.Exists(start => start.Thread == Thread.CurrentThread.Name), "it reads before it is started");
            lock (reading)
                reading.Add(Thread.CurrentThread.Name!);
        });
        using var loader = new DataLoader(data, new SequentialSampler(Rows), 1, CPU)
        {
            Prefetching = new()
            {
                Workers = 2, PersistentWorkers = persistent,
                WorkerStart = number =>
                {
                    lock (started)
                        started.Add((number, Thread.CurrentThread.Name!));
                },
            },
        };

        for (var epoch = 1; epoch <= 3; epoch++)
            Assert.AreEqual(Rows, loader.Epoch(epoch).Count());

        Assert.HasCount(calls, started);
        CollectionAssert.AreEquivalent(new[] { (0, "MlComponents loader worker 0"), (1, "MlComponents loader worker 1") }, started.Distinct().ToArray());
        CollectionAssert.IsSubsetOf(reading.ToList(), started.Select(start => start.Thread).ToList());
    }

    [TestMethod]
    public void Epoch_OnAWorker_RecordsNoGradientsAndLeavesItsTensorsToTheBatch()
    {
        using var weight = ones(3).requires_grad_();
        var isRecorded = true;
        var baseline = TensorAssert.LiveCount();
        var data = new Careless(weight, features => isRecorded = features.requires_grad);
        using (var loader = new DataLoader(data, new SequentialSampler(8), 2, CPU) { Prefetching = new() { Workers = 2 } })
            foreach (var batch in loader.Epoch(1))
                using (NewDisposeScope())
                    Assert.AreEqual(3, batch.Features.sum(1)[0].item<float>());

        Assert.IsFalse(isRecorded);
        Assert.AreEqual(baseline, Tensor.TotalCount);
    }

    [TestMethod]
    public void PinMemory_ForACpu_DoesNothing()
    {
        using var loader = new DataLoader(new NumberedRows(Rows), new SequentialSampler(Rows), 4, CPU) { Prefetching = new() { Workers = 2, PinMemory = true } };

        Assert.AreEqual(Rows, loader.Epoch(1).Sum(batch => batch.Count));
    }

    [TestMethod]
    public void Epoch_AfterTheLoadersEnd_IsRefused()
    {
        var loader = new DataLoader(new NumberedRows(Rows), new SequentialSampler(Rows), 4, CPU) { Prefetching = new() { Workers = 1 } };
        loader.Dispose();

        Assert.ThrowsExactly<ObjectDisposedException>(() => loader.Epoch(1).Count());
    }

    /// <summary>Rows of a data set that forgets its intermediate tensors.</summary>
    private sealed class Careless(Tensor weight, Action<Tensor> onFeatures) : MapDataset
    {
        public override long Count => 8;

        public override IReadOnlyDictionary<string, long[]> Shapes { get; } = new Dictionary<string, long[]> { [Batch.FeaturesName] = [3], [Batch.LabelName] = [] };

        public override Batch Gather(ReadOnlySpan<long> indices)
        {
            var features = ones(indices.Length, 3) * weight * ones(3) * ones(1);
            onFeatures(features);
            return new([KeyValuePair.Create(Batch.FeaturesName, features), KeyValuePair.Create(Batch.LabelName, zeros(indices.Length) + zeros(1))]);
        }
    }

    /// <summary>Pictures of 4 by 4 random pixels, as flat vectors.</summary>
    private sealed class Pictures : IDisposable
    {
        public Pictures(int count)
        {
            using var scope = NewDisposeScope();
            using var generator = new Generator(1);
            Rows = new(rand(count, 16, generator: generator), arange(count));
        }

        public TensorDataset Rows { get; }

        public Dictionary<string, long[]> Shapes => new() { [Batch.FeaturesName] = [1, 4, 4], [Batch.LabelName] = [] };

        public void Dispose() => Rows.Dispose();
    }
}
