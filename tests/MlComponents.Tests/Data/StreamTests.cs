using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace MlComponents.Tests.Data;

[TestClass]
public sealed class StreamTests
{
    [TestMethod]
    [DataRow(1)]
    [DataRow(3)]
    [DataRow(7)]
    [DataRow(100)]
    public void Epoch_OfChunksOfAnySize_GivesBatchesOfTheSizeAskedFor(int chunk)
    {
        var stream = new Numbers(23) { ChunkRows = chunk };

        var batches = Batches(stream, batchSize: 5);

        CollectionAssert.AreEqual(new[] { 5, 5, 5, 5, 3 }, batches.Select(batch => batch.Length).ToArray());
        CollectionAssert.AreEqual(Range(23), batches.SelectMany(batch => batch).ToArray());
        Assert.IsTrue(stream.AllFreed);
    }

    [TestMethod]
    public void Epoch_WithDropLast_LeavesOutWhatDoesntFillABatch() =>
        CollectionAssert.AreEqual(Range(20), Batches(new Numbers(23), batchSize: 5, dropLast: true).SelectMany(batch => batch).ToArray());

    [TestMethod]
    public void Epoch_WithBatchesToSkip_GivesThoseThatAFullEpochHasThere()
    {
        var stream = new ShuffledStream(new Numbers(101) { ChunkRows = 6 }, poolRows: 20, seed: 3);

        var whole = Batches(stream, batchSize: 7, epoch: 2);
        var rest = Batches(stream, batchSize: 7, epoch: 2, skip: 9);

        CollectionAssert.AreEqual(whole.Skip(9).SelectMany(batch => batch).ToArray(), rest.SelectMany(batch => batch).ToArray());
    }

    [TestMethod]
    [DataRow(1)]
    [DataRow(3)]
    public void Epoch_OnWorkers_GivesTheSameBatches(int workers)
    {
        var stream = new ShuffledStream(new Numbers(101) { ChunkRows = 6 }, poolRows: 20, seed: 3);

        var alone = Batches(stream, batchSize: 7);
        var together = Batches(stream, batchSize: 7, workers: workers);

        CollectionAssert.AreEqual(alone.SelectMany(batch => batch).ToArray(), together.SelectMany(batch => batch).ToArray());
    }

    [TestMethod]
    [DataRow(9, 5, "Numbers ended after 9 examples of epoch 2, but its Count is 10")]
    [DataRow(12, 6, "Numbers gave 12 examples or more in epoch 2, but its Count is 10")]
    [DataRow(0, 5, "Numbers ended after 0 examples of epoch 2, but its Count is 10")]
    public void Epoch_OfAStreamWhoseLengthLies_SaysBothNumbersAndTheEpoch(int given, int chunk, string message)
    {
        var e = Assert.ThrowsExactly<BatchReadException>(() => Batches(new Numbers(10) { Given = given, ChunkRows = chunk }, batchSize: 5, epoch: 2));

        StringAssert.Contains(e.Message, message, StringComparison.Ordinal);
    }

    [TestMethod]
    public void Epoch_OfAStreamThatGoesOn_SaysSoBeforeTheLastBatch()
    {
        var given = new List<long>();
        using var loader = new DataLoader(new Numbers(10) { Given = 15, ChunkRows = 5 }, 5, dropLast: false, CPU);

        Assert.ThrowsExactly<BatchReadException>(() => given.AddRange(loader.Epoch(1).Select(batch => batch.Count)));

        Assert.HasCount(1, given);
    }

    [TestMethod]
    public void Epoch_OfAStreamThatFails_SaysHowFarItHadCome()
    {
        var stream = new Numbers(10) { ChunkRows = 2, FailAt = 6 };

        var e = Assert.ThrowsExactly<BatchReadException>(() => Batches(new ShuffledStream(stream, 3, seed: 1), batchSize: 4));

        StringAssert.Contains(e.Message, "Numbers failed after 6 examples of epoch 1: mine", StringComparison.Ordinal);
        Assert.IsTrue(stream.AllFreed);
    }

    [TestMethod]
    public void Epoch_OfChunksThatAreOtherThanTheStreamSays_SaysHow()
    {
        Refuses("in which one 'features' has the shape [3], but its Shapes says [2]", _ => zeros(2, 3));
        Refuses("in which 'features' is Float64, but it was Float32 before", row => zeros([2, 2], row == 0 ? ScalarType.Float32 : ScalarType.Float64));

        static void Refuses(string message, Func<long, Tensor> features)
        {
            var e = Assert.ThrowsExactly<BatchReadException>(() => Batches(new Numbers(4) { ChunkRows = 2, Features = features }, batchSize: 4));

            StringAssert.Contains(e.Message, message, StringComparison.Ordinal);
        }
    }

    [TestMethod]
    public void Epoch_AbandonedInTheMiddle_LeavesNothingBehind()
    {
        var stream = new Numbers(1000) { ChunkRows = 8 };
        var before = TensorAssert.LiveCount();

        using (var loader = new DataLoader(new ShuffledStream(stream, 100, seed: 1), 5, dropLast: false, CPU))
            foreach (var batch in loader.Epoch(1).Take(40))
                Assert.AreEqual(5, batch.Count);

        Assert.AreEqual(before, TensorAssert.LiveCount());
        Assert.IsTrue(stream.IsDisposed);
    }

    [TestMethod]
    [DataRow(1)]
    [DataRow(10)]
    [DataRow(64)]
    [DataRow(1000)]
    [DataRow(5000)]
    public void Read_OfAShuffledStream_GivesEveryRowOnceWithItsLabel(int pool)
    {
        var stream = new ShuffledStream(new Numbers(1000) { ChunkRows = 33 }, pool, seed: 7);

        var order = Order(stream, epoch: 1);

        CollectionAssert.AreEqual(Range(1000), order.Order().ToArray());
        Assert.AreEqual(pool == 1, order.SequenceEqual(Range(1000)));
    }

    [TestMethod]
    [DataRow(1)]
    [DataRow(7)]
    [DataRow(40)]
    public void ReadGroups_OfChunksOfAnySize_GivesTheExamplesInTheirOrderInOneMemory(int chunk)
    {
        var stream = new Numbers(23) { ChunkRows = chunk };
        var before = TensorAssert.LiveCount();
        var groups = new List<int[]>();
        var memory = new HashSet<nint>();

        foreach (var group in stream.ReadGroups(epoch: 1, examples: 5))
        {
            groups.Add([.. group.Label.data<float>().Select(number => (int)number)]);
            memory.Add(AddressOf(group.Features));
            CollectionAssert.AreEqual(groups[^1].SelectMany(number => new float[] { number, -number }).ToArray(), group.Features.data<float>().ToArray());
        }

        CollectionAssert.AreEqual(new[] { 5, 5, 5, 5, 3 }, groups.Select(group => group.Length).ToArray());
        CollectionAssert.AreEqual(Range(23), groups.SelectMany(group => group).ToArray());
        Assert.HasCount(1, memory);
        Assert.AreEqual(before, TensorAssert.LiveCount());
    }

    [TestMethod]
    public void ReadGroups_OfLessThanOneExample_IsRefusedAtOnce() =>
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new Numbers(23).ReadGroups(epoch: 1, examples: 0));

    [TestMethod]
    public void Read_OfAShuffledStreamOfNoRows_GivesNoneAndRefusesSome()
    {
        Assert.IsEmpty(new ShuffledStream(new Numbers(0), poolRows: 64, seed: 7).Read(1).ToArray());

        var e = Assert.ThrowsExactly<InvalidDataException>(() => new ShuffledStream(new Numbers(0) { Given = 3 }, poolRows: 64, seed: 7).Read(1).ToArray());

        StringAssert.Contains(e.Message, "Numbers gave 3 examples or more in epoch 1, but its Count is 0", StringComparison.Ordinal);
    }

    [TestMethod]
    public void Read_OfAShuffledStream_DependsOnSeedAndEpochButNotOnTheChunks()
    {
        var order = Order(new ShuffledStream(new Numbers(1000) { ChunkRows = 33 }, 64, seed: 7), epoch: 1);

        CollectionAssert.AreEqual(order, Order(new ShuffledStream(new Numbers(1000) { ChunkRows = 250 }, 64, seed: 7), epoch: 1));
        CollectionAssert.AreNotEqual(order, Order(new ShuffledStream(new Numbers(1000), 64, seed: 7), epoch: 2));
        CollectionAssert.AreNotEqual(order, Order(new ShuffledStream(new Numbers(1000), 64, seed: 8), epoch: 1));
    }

    [TestMethod]
    public void Read_OfAPoolOfAllRows_DrawsEveryOrderAlike()
    {
        var counts = new Dictionary<string, int>();
        for (var seed = 0; seed < 6000; seed++)
        {
            var order = string.Join("", Order(new ShuffledStream(new Numbers(3), 3, seed), epoch: 1));
            counts[order] = counts.GetValueOrDefault(order) + 1;
        }

        Assert.HasCount(6, counts);
        Assert.IsLessThan(20.5, counts.Values.Sum(count => (count - 1000.0) * (count - 1000.0) / 1000));   // chi squared of 5 degrees of freedom: 0.1% lie above
    }

    [TestMethod]
    public void Fit_ResumedWithAnotherPool_IsAnErrorThatNamesBoth()
    {
        var folder = Directory.CreateTempSubdirectory("stream-resume-").FullName;
        try
        {
            var options = new TrainerOptions { BatchSize = 8, Epochs = 1, Seed = 1, Device = "cpu", MemoryBudget = 1 << 20, Checkpoints = new() { Folder = folder } };
            var stream = new Numbers(64) { Bytes = 1 << 14 };
            new Trainer(options).Fit(new Mlp { Hidden = [2] }, Objective.Regression(), stream).Dispose();

            var e = Assert.ThrowsExactly<InvalidDataException>(() => new Trainer(options with { MemoryBudget = 1 << 19 << 2, Epochs = 2, Checkpoints = options.Checkpoints with { Resume = true } })
                .Fit(new Mlp { Hidden = [2] }, Objective.Regression(), stream));

            StringAssert.Contains(e.Message, "order is \"drawn from a pool of 32 rows\", but here \"drawn from a pool of 64 rows\"", StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [TestMethod]
    public void Fit_WithABudgetBelowOneBatch_SaysTheLeast()
    {
        var e = Assert.ThrowsExactly<ArgumentException>(() => new Trainer(new TrainerOptions { BatchSize = 33, Device = "cpu", MemoryBudget = 1 << 20 })
            .Fit(new Mlp { Hidden = [2] }, Objective.Regression(), new Numbers(64) { Bytes = 1 << 14 }));

        StringAssert.Contains(e.Message, $"a batch of 33 rows takes {33 << 14}: give at least {33 << 15}, or use a smaller batch.", StringComparison.Ordinal);
    }

    private static int[] Range(int count) => [.. Enumerable.Range(0, count)];

    private static int[] Order(StreamingDataset stream, int epoch)
    {
        var order = new List<int>();
        foreach (var chunk in stream.Read(epoch))
            using (chunk)
                order.AddRange(Rows(chunk));
        return [.. order];
    }

    private static List<int[]> Batches(StreamingDataset stream, int batchSize, bool dropLast = false, int epoch = 1, long skip = 0, int workers = 0)
    {
        using var loader = new DataLoader(stream, batchSize, dropLast, CPU) { Prefetching = new() { Workers = workers } };
        return [.. loader.Epoch(epoch, skip).Select(Rows)];
    }

    /// <summary>The labels, which are checked to be those of the features.</summary>
    private static int[] Rows(Batch batch)
    {
        var labels = batch.Label.data<float>().ToArray();
        CollectionAssert.AreEqual(labels.SelectMany(label => new[] { label, -label }).ToArray(), batch.Features.data<float>().ToArray());
        return [.. labels.Select(label => (int)label)];
    }

    private static nint AddressOf(Tensor tensor) => Unsafe.ByteOffset(ref Unsafe.NullRef<byte>(), ref MemoryMarshal.GetReference(tensor.bytes));

    /// <summary>Rows 0, 1, 2, … whose features are their number and its negative.</summary>
    private sealed class Numbers(long count) : StreamingDataset
    {
        private readonly List<Batch> chunks = [];

        public int ChunkRows { get; init; } = 10;

        public int? Given { get; init; }

        public long? FailAt { get; init; }

        public long Bytes { get; init; } = 12;

        public Func<long, Tensor>? Features { get; init; }

        public bool IsDisposed { get; private set; }

        public bool AllFreed => chunks.TrueForAll(chunk => chunk.Features.IsInvalid);

        public override long Count => count;

        public override long ExampleBytes => Bytes;

        public override IReadOnlyDictionary<string, long[]> Shapes { get; } = new Dictionary<string, long[]> { [Batch.FeaturesName] = [2], [Batch.LabelName] = [] };

        public override IEnumerable<Batch> Read(int epoch)
        {
            try
            {
                for (var row = 0L; row < (Given ?? count); row += ChunkRows)
                {
                    if (row == FailAt)
                        throw new InvalidOperationException("mine");
                    using var scope = NewDisposeScope();
                    var label = arange(row, Math.Min(row + ChunkRows, Given ?? count), ScalarType.Float32);
                    chunks.Add(new(new Dictionary<string, Tensor> { [Batch.FeaturesName] = Features?.Invoke(row) ?? stack([label, -label], dim: 1), [Batch.LabelName] = label }));
                    scope.Dispose();
                    yield return chunks[^1];
                }
            }
            finally
            {
                IsDisposed = true;
            }
        }
    }
}
