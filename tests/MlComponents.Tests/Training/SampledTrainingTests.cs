using System.ComponentModel.DataAnnotations;
using MlComponents.Tests.Training.Checkpoints;

namespace MlComponents.Tests.Training;

/// <summary>Samplers in a run.</summary>
[TestClass]
public sealed class SampledTrainingTests
{
    private const int Rows = 60;

    // Row i has the features (i, class) and the class 2 where i is a multiple of 10, else 1 where it is one of 3, else 0: 6, 18 and 36 rows.
    private static readonly long[] Classes = [.. Enumerable.Range(0, Rows).Select(i => i % 10 == 0 ? 2L : i % 3 == 0 ? 1 : 0)];

    [TestMethod]
    public void Fit_WithRandomDraws_ReadsTheRowsOfThatSampler()
    {
        var run = Watch(Options with { Sampler = new RandomDraws { Replacement = true, Count = 40 } });

        CollectionAssert.AreEqual(new RandomSampler(Rows, seed: 1, replacement: true, draws: 40).Indices(1), run.Epochs[0]);
        CollectionAssert.AreEqual(new RandomSampler(Rows, seed: 1, replacement: true, draws: 40).Indices(2), run.Epochs[1]);
        Assert.AreEqual((40L, 5L), (run.TrainingRows, run.BatchesPerEpoch));
    }

    [TestMethod]
    public void Fit_WithRandomDrawsOfAllRows_IsThatOfShuffle() =>
        CollectionAssert.AreEqual(Watch(Options).Epochs.SelectMany(epoch => epoch).ToList(), Watch(Options with { Sampler = new RandomDraws() }).Epochs.SelectMany(epoch => epoch).ToList());

    [TestMethod]
    public void Fit_WithClassBalancedDraws_ReadsEveryClassEquallyOften()
    {
        CollectionAssert.AreEqual(new[] { 20, 20, 20 }, Counts(new()));
        CollectionAssert.AreEqual(new[] { 6, 6, 6 }, Counts(new() { Count = 18 }));
        CollectionAssert.AreEqual(new[] { 36, 18, 6 }, Counts(new() { Power = 0 }));
        CollectionAssert.AreEqual(new[] { 36, 18, 6 }, Counts(new() { Beta = 0 }));

        // √36 : √18 : √6 of 60 are 28.49, 20.14 and 11.63 of 60
        CollectionAssert.AreEqual(new[] { 28, 20, 12 }, Counts(new() { Power = 0.5 }));
        // n(1 − β)/(1 − βⁿ) with β = 0.9: 3.683, 2.118 and 1.281 of 7.082, which are 31.20, 17.95 and 10.85 of 60
        CollectionAssert.AreEqual(new[] { 31, 18, 11 }, Counts(new() { Beta = 0.9 }));

        int[] Counts(ClassBalancedDraws sampler)
        {
            var rows = Watch(Options with { Sampler = sampler }).Epochs[1];
            return [.. Enumerable.Range(0, 3).Select(label => rows.Count(row => Classes[row] == label))];
        }
    }

    [TestMethod]
    public void Fit_WithWeightedDraws_ReadsByTheWeightsAndCountsEachRowOnce()
    {
        var weights = Enumerable.Range(0, Rows).Select(i => i < 30 ? 0f : i).ToArray();
        using var data = Data(weights);

        var drawn = Watch(Options with { Sampler = new WeightedDraws { Count = 80 } }, data);
        var once = Watch(Options with { Sampler = new WeightedDraws { Replacement = false, Count = 30 } }, data);

        CollectionAssert.AreEqual(new WeightedSampler([.. weights.Select(weight => (double)weight)], seed: 1, draws: 80).Indices(1), drawn.Epochs[0]);
        CollectionAssert.AreEquivalent(Enumerable.Range(30, 30).Select(i => (long)i).ToArray(), once.Epochs[0]);
        Assert.IsFalse(drawn.HasWeights);
        Assert.IsTrue(Watch(Options, data).HasWeights);
    }

    [TestMethod]
    public void Fit_WithAFunction_ReadsTheRowsOfItsSampler()
    {
        var sampler = SamplerDefinition.From(context => new DistributedSampler(new RandomSampler(context.Count, context.Seed), rank: 1, worldSize: 2));

        var run = Watch(Options with { Sampler = sampler });

        CollectionAssert.AreEqual(new RandomSampler(Rows, seed: 1).Indices(1).Where((_, i) => i % 2 == 1).ToArray(), run.Epochs[0]);
        Assert.ThrowsExactly<InvalidOperationException>(() => Watch(Options with { Sampler = SamplerDefinition.From(_ => null!) }));
    }

    [TestMethod]
    public void Fit_OfRowsThatComeAgain_ChangesThemDifferentlyEachTime()
    {
        using var data = new TensorDataset(ones(4, 1, 8, 8), zeros(4, ScalarType.Int64));
        var options = Options with
        {
            Epochs = 1, BatchSize = 8, Sampler = SamplerDefinition.From(_ => new SubsetSampler([1, 1, 1, 1, 1, 1, 1, 1])), Augmentations = [new RandomErasing { Probability = 1 }],
        };

        var objective = new Watching(Objective.Multiclass(3));
        new Trainer(options).Fit(Blobs.Network with { InputShape = [1, 8, 8] }, objective, data).Dispose();

        Assert.HasCount(8, objective.Examples);
        Assert.IsGreaterThan(5, objective.Examples.Distinct().Count());
    }

    [TestMethod]
    [DataRow("random")]
    [DataRow("weighted")]
    [DataRow("class-balanced")]
    public void Resume_WithinAnEpochOfASampler_EndsWithTheSameBits(string name)
    {
        using var data = Data(Enumerable.Range(0, Rows).Select(i => 1f + i).ToArray());
        using var store = new MemoryStore();
        var sampler = ComponentJson.Read<SamplerDefinition>($$"""{ "name": "{{name}}", "count": 70 }""");
        var options = Options with { Epochs = 3, Sampler = sampler, Checkpoints = new Checkpointing { Folder = "memory", EverySteps = 1, KeepLast = 100 } };
        using var undisturbed = Fit(options with { Checkpoints = null }, data);
        using var watched = Fit(options, data, store: store);

        Assert.HasCount(27, store.Steps);
        foreach (var step in store.Steps.Where(step => step % 4 == 1))
        {
            store.Latest = step;
            using var resumed = Fit(options with { Checkpoints = options.Checkpoints with { Resume = true, EverySteps = null, EveryEpoch = false } }, data, store: store);

            Assert.AreEqual(step, resumed.ResumedFromStep);
            CollectionAssert.AreEqual(Bits(undisturbed), Bits(resumed), $"from step {step}");
        }
    }

    [TestMethod]
    public void Resume_WithAnotherSamplerOrOtherRows_IsRefused()
    {
        using var data = Data();
        using var store = new MemoryStore();
        var options = Options with { Sampler = new RandomDraws { Count = 20 }, Checkpoints = new Checkpointing { Folder = "memory", EverySteps = 1 } };
        Fit(options, data, store: store).Dispose();
        var resuming = options with { Checkpoints = options.Checkpoints with { Resume = true } };
        using var fewer = new TensorDataset(zeros(50, 2), zeros(50, ScalarType.Int64));

        StringAssert.Contains(Refusal(resuming with { Sampler = null }, data), "sampler is {\"name\":\"random\",\"replacement\":false,\"count\":20}, but here null");
        StringAssert.Contains(Refusal(resuming with { Sampler = SamplerDefinition.From(context => new RandomSampler(context.Count, context.Seed, draws: 20)) }, data), "but here \"(not registered)\"");
        StringAssert.Contains(Refusal(resuming, fewer), "rows is 60, but here 50");

        string Refusal(TrainerOptions other, TensorDataset rows) => Assert.ThrowsExactly<InvalidDataException>(() => Fit(other, rows, store: store)).Message;
    }

    [TestMethod]
    public void Trainer_WithASamplerThatAnotherOptionContradicts_IsRefused()
    {
        StringAssert.Contains(
            Assert.ThrowsExactly<ValidationException>(() => new Trainer(Options with { Sampler = new RandomDraws(), Shuffle = false })).Message,
            "Shuffle is false, but the Sampler, RandomDraws, draws the order of the rows: leave one of them out.");
        StringAssert.Contains(
            Assert.ThrowsExactly<ValidationException>(() => new Trainer(Options with { Sampler = new WeightedDraws(), OverfitBatches = 2 })).Message,
            "OverfitBatches 2 learns from the first rows in their own order, but there is a Sampler, WeightedDraws: leave one of them out.");
        StringAssert.Contains(
            Assert.ThrowsExactly<ValidationException>(() => new Trainer(Options with { Sampler = new ClassBalancedDraws { Power = 0.5, Beta = 0.9 } })).Message,
            "Beta is 0.9 and Power is 0.5, but classes are drawn by one of them: leave the other at its default.");
    }

    [TestMethod]
    public void Fit_OfRowsThatTheSamplerCantDraw_SaysWhy()
    {
        using var plain = Data();
        using var numbers = new TensorDataset(zeros(4, 2), tensor(new[] { 0f, 1, 2.5f, 1 }));
        using var gap = new TensorDataset(zeros(4, 2), tensor(new long[] { 0, 2, 2, 0 }));

        AreEqual<ArgumentException>(plain, new WeightedDraws(), "The training rows have no tensor 'weight' to be drawn by: give each row a weight, in a pipeline by ExampleWeightColumnName.");
        AreEqual<InvalidDataException>(
            numbers, new ClassBalancedDraws(), "The label of training row 2, counted from 0, is 2.5, but classes are whole numbers from 0: choose a sampler that doesn't balance classes.");
        AreEqual<ArgumentException>(gap, new ClassBalancedDraws(), "Class 1 has 0 examples, but a weight by their number needs at least 1: give it some, or number the classes without gaps.");
        AreEqual<ArgumentException>(plain, new RandomDraws { Count = 7 }, "BatchSize is 8, but the sampler RandomDraws reads only 7 rows in an epoch: use a batch size of at most 7.");
        AreEqual<ArgumentException>(
            new Stream(), new RandomDraws(), "The sampler RandomDraws reads rows by number, but the training rows are a stream, which is read in its own order: leave Sampler out, or train on a MapDataset.");

        static void AreEqual<T>(Dataset data, SamplerDefinition sampler, string expected) where T : Exception =>
            StringAssert.StartsWith(Assert.ThrowsExactly<T>(() => new Trainer(Options with { Sampler = sampler }).Fit(Blobs.Network, Objective.Multiclass(3), data)).Message, expected);
    }

    [TestMethod]
    public void Fit_OfABatchLargerThanTheData_IsAllowedWhereRowsComeAgain()
    {
        using var data = Data();

        using var result = Fit(Options with { BatchSize = 64, Epochs = 1, Sampler = new RandomDraws { Replacement = true, Count = 128 } }, data);

        Assert.AreEqual(2, result.History[^1].Step);
    }

    private static TrainerOptions Options => Blobs.Options with { Epochs = 2, BatchSize = 8 };

    private static TensorDataset Data(float[]? weights = null)
    {
        using var scope = NewDisposeScope();
        var features = stack([arange(Rows).to(ScalarType.Float32) / Rows, tensor(Classes).to(ScalarType.Float32)], dim: 1);   // [N, 2]
        return new(features, tensor(Classes), weights is null ? null : tensor(weights));
    }

    private static TrainingResult Fit(TrainerOptions options, TensorDataset data, MemoryStore? store = null)
    {
        if (store is not null)   // one after the other, or one that waits would give way to a newer one
            options = options with { Callbacks = [new LambdaCallback { OnCheckpoint = e => store.Await(e.Step) }] };
        return new Trainer(options) { OpenStore = _ => store! }.Fit(Blobs.Network, Objective.Multiclass(3), data);
    }

    /// <summary>Runs two epochs and says which rows were read.</summary>
    private static (List<long[]> Epochs, long TrainingRows, long BatchesPerEpoch, bool HasWeights) Watch(TrainerOptions options, TensorDataset? rows = null)
    {
        using var plain = Data();
        var data = new Recorded(rows ?? plain);
        var objective = new Watching(Objective.Multiclass(3));
        var (trainingRows, batches) = (0L, 0L);
        var watch = new LambdaCallback { OnTrainStart = e => (trainingRows, batches) = (e.Run.TrainingRows, e.Run.BatchesPerEpoch) };

        new Trainer(options with { Callbacks = [watch] }).Fit(Blobs.Network, objective, data).Dispose();
        return ([.. data.Read.Chunk((int)trainingRows)], trainingRows, batches, objective.HasWeights);
    }

    private static float[] Bits(TrainingResult result) => [.. result.Network.parameters().SelectMany(parameter => parameter.data<float>().ToArray())];

    /// <summary>Rows that remember which of them were read in batches.</summary>
    private sealed class Recorded(TensorDataset rows) : MapDataset
    {
        public List<long> Read { get; } = [];

        public override long Count => rows.Count;

        public override IReadOnlyDictionary<string, long[]> Shapes => rows.Shapes;

        public override Batch Gather(ReadOnlySpan<long> indices)
        {
            Read.AddRange(indices);
            return rows.Gather(indices);
        }

        public override Tensor GatherTensor(string name, ReadOnlySpan<long> indices) => rows.GatherTensor(name, indices);
    }

    /// <summary>An objective that remembers what the network was shown.</summary>
    private sealed class Watching(Objective objective) : Objective
    {
        public List<string> Examples { get; } = [];

        public bool HasWeights { get; private set; }

        public override long Outputs => objective.Outputs;

        public override ObjectiveStep Step(nn.Module network, Batch batch)
        {
            HasWeights |= batch.Weight is not null;
            for (var i = 0; i < batch.Count; i++)
                Examples.Add(string.Join(",", batch.Features[i].reshape(-1).data<float>().ToArray()));
            return objective.Step(network, batch);
        }

        public override Tensor Normalizer(Batch batch, string? term = null) => objective.Normalizer(batch, term);

        public override IReadOnlyList<Metric> CreateMetrics() => objective.CreateMetrics();

        public override void To(Device device) => objective.To(device);

        protected override void Dispose(bool disposing) => objective.Dispose();
    }

    private sealed class Stream : StreamingDataset
    {
        public override long Count => 60;

        public override IReadOnlyDictionary<string, long[]> Shapes { get; } = new Dictionary<string, long[]> { ["features"] = [2], ["label"] = [] };

        public override IEnumerable<Batch> Read(int epoch) => [];
    }
}
