namespace MlComponents.Tests.Data.Loading;

/// <summary>What goes wrong while a batch is read is told with the batch, its examples and the worker, after the batches before it.</summary>
[TestClass]
public sealed class LoaderErrorTests
{
    [TestMethod]
    [DataRow(0)]
    [DataRow(1)]
    [DataRow(4)]
    public void Epoch_OfAnExampleThatCannotBeRead_NamesIt(int workers)
    {
        var data = new LambdaExamples(10, number => number == 5 ? throw new FileNotFoundException("There is no picture.") : Vector(number, 3));
        var (e, given) = Fails(data, new SequentialSampler(10), workers);

        Assert.AreEqual(2, given);
        StringAssert.StartsWith(e.Message, "Batch 3 of epoch 1 (examples 4, 5");
        StringAssert.EndsWith(e.Message, $"{(workers == 0 ? "" : "; on 'MlComponents loader worker ")}{Digit(e.Message)}{(workers == 0 ? "" : "'")}) can't be read: Example 5 can't be read: There is no picture.");
        Assert.IsInstanceOfType<FileNotFoundException>(e.InnerException);
        CollectionAssert.AreEqual(new long[] { 5 }, e.Examples.ToArray());
    }

    [TestMethod]
    [DataRow(0)]
    [DataRow(2)]
    public void Epoch_OfACollationThatFails_NamesItsExamples(int workers)
    {
        var data = new LambdaExamples(10, number => Vector(number, 3), _ => throw new InvalidOperationException("mine"));
        var (e, given) = Fails(data, new SequentialSampler(10), workers);

        Assert.AreEqual(0, given);
        StringAssert.StartsWith(e.Message, "Batch 1 of epoch 1 (examples 0, 1");
        StringAssert.EndsWith(e.Message, ") can't be read: mine");
        Assert.IsInstanceOfType<InvalidOperationException>(e.InnerException);
        CollectionAssert.AreEqual(new long[] { 0, 1 }, e.Examples.ToArray());
    }

    [TestMethod]
    [DataRow(0)]
    [DataRow(2)]
    public void Epoch_OfAnAugmentationThatFails_FreesTheBatch(int workers)
    {
        var data = new NumberedRows(10);
        var baseline = TensorAssert.LiveCount();
        using var loader = new DataLoader(data, new SequentialSampler(10), 2, CPU) { Prefetching = new() { Workers = workers }, Augmenter = new([new Breaking()], seed: 1, data.Shapes) };

        var e = Assert.ThrowsExactly<BatchReadException>(() => loader.Epoch(1).Count());

        StringAssert.EndsWith(e.Message, ") can't be read: broken");
        Assert.AreEqual(baseline, Tensor.TotalCount);
    }

    [TestMethod]
    public void Epoch_OfExamplesOfAnotherShape_NamesThemBoth()
    {
        var e = Fails(new LambdaExamples(10, number => Vector(number, number == 3 ? 4 : 3)), new SequentialSampler(10)).Error;

        Assert.AreEqual(
            "Batch 2 of epoch 1 (examples 2, 3) can't be read: 'features' of example 3 has the shape [4], but of example 2 of the same batch [3]: give all the same, or override Collate to pad them.", e.Message);
        Assert.IsInstanceOfType<InvalidDataException>(e.InnerException);
    }

    [TestMethod]
    public void Gather_OfExamplesOfAnotherType_NamesThemBoth()
    {
        var data = new LambdaExamples(10, number => new(number == 3 ? zeros(3, float64) : zeros(3), tensor(number)));

        var e = Assert.ThrowsExactly<InvalidDataException>(() => data.Gather([7, 3]));

        Assert.AreEqual("'features' of example 3 is Float64, but of example 7 of the same batch Float32: give all the same type.", e.Message);
    }

    [TestMethod]
    public void Gather_OfExamplesWithOtherTensors_NamesThemBoth()
    {
        var data = new LambdaExamples(10, number => new(zeros(3), tensor(number), number == 3 ? tensor(1f) : null));

        var e = Assert.ThrowsExactly<InvalidDataException>(() => data.Gather([7, 3]));

        Assert.AreEqual("example 3 has the tensors features, label, weight, but example 7 of the same batch has features, label: all must have the same.", e.Message);
    }

    [TestMethod]
    public void Gather_OfAnExampleThatIsNull_NamesIt()
    {
        var e = Assert.ThrowsExactly<BatchReadException>(() => new LambdaExamples(10, _ => null!).Gather([7]));

        Assert.AreEqual("Example 7 can't be read: Read gave null for it.", e.Message);
    }

    [TestMethod]
    [DataRow("rows", "The data set gave 3 examples where it was asked for 2.")]
    [DataRow("shape", "One 'features' has the shape [4], but [3] in the data set's Shapes.")]
    [DataRow("dimensions", "One 'features' has the shape [], but [3] in the data set's Shapes.")]
    [DataRow("more dimensions", "One 'features' has the shape [3, 1], but [3] in the data set's Shapes.")]
    [DataRow("name", "It has no tensor 'features', which the data set's Shapes has: it has picture, label.")]
    [DataRow("null", "The data set gave null for it.")]
    public void Epoch_OfABatchThatIsNotWhatTheDataSetSays_SaysWhatDiffers(string what, string problem)
    {
        var data = new LambdaRows(count => what switch
        {
            "rows" => Rows(count + 1, zeros(count + 1, 3)),
            "shape" => Rows(count, zeros(count, 4)),
            "dimensions" => Rows(count, zeros(count)),
            "more dimensions" => Rows(count, zeros(count, 3, 1)),
            "name" => Rows(count, zeros(count, 3), "picture"),
            _ => null!,
        });
        var baseline = TensorAssert.LiveCount();

        var e = Fails(data, new SequentialSampler(10)).Error;

        Assert.AreEqual($"Batch 1 of epoch 1 (examples 0, 1) can't be read: {problem}", e.Message);
        Assert.IsInstanceOfType<InvalidDataException>(e.InnerException);
        Assert.AreEqual(baseline, Tensor.TotalCount);
    }

    [TestMethod]
    [DataRow(0)]
    [DataRow(2)]
    public void Epoch_OfADataSetThatShrinks_SaysSo(int workers)
    {
        var data = new LambdaRows(count => Rows(count, zeros(count, 3)));
        using var loader = new DataLoader(data, new SequentialSampler(10), 2, CPU) { Prefetching = new() { Workers = workers } };
        data.Size = 5;

        var e = Assert.ThrowsExactly<BatchReadException>(() => loader.Epoch(1).Count());

        StringAssert.StartsWith(e.Message, "Batch 3 of epoch 1 (examples 4, 5");
        StringAssert.EndsWith(e.Message, "The data set had 10 examples and has 5 now, so that there is no example 5: it must stay as it is while it is read.");
    }

    [TestMethod]
    [DataRow(10L)]
    [DataRow(-1L)]
    public void Epoch_OfASamplerBeyondTheDataSet_SaysWhichNumberItGave(long number)
    {
        var batches = new LambdaBatches(2, _ => [new long[] { 1, 2 }, new long[] { 3, number }]);

        var e = Fails(new NumberedRows(10), batches).Error;

        Assert.AreEqual(
            $"Batch 2 of epoch 1 (examples 3, {number}) can't be read: LambdaBatches gave the number {number} at place 1 of the batch, but the data set has 10 examples, whose numbers are 0 to 9.", e.Message);
    }

    [TestMethod]
    public void Epoch_OfASamplerWithoutExamples_SaysSo()
    {
        StringAssert.EndsWith(Fails(new NumberedRows(10), new LambdaBatches(1, _ => [Array.Empty<long>()])).Error.Message, "LambdaBatches made a batch without examples: each has at least one.");
        Assert.AreEqual("Batch 1 of epoch 1 can't be read: LambdaBatches made 1 batches for the epoch, but its Count is 2: make as many as Count says, in every epoch.",
            Fails(new NumberedRows(10), new LambdaBatches(2, _ => [new long[] { 1 }])).Error.Message);
    }

    [TestMethod]
    public void Epoch_OfASamplerThatFailsOnAWorker_NamesTheWorker()
    {
        var e = Fails(new NumberedRows(10), new LambdaBatches(2, _ => throw new InvalidOperationException("mine")), workers: 1).Error;

        Assert.AreEqual("Batch 1 of epoch 1 (on 'MlComponents loader worker 0') can't be read: mine", e.Message);
        Assert.IsEmpty(e.Examples);
    }

    [TestMethod]
    [DataRow(0)]
    [DataRow(2)]
    public void Epoch_OfAnEmptyDataSet_HasNoBatches(int workers)
    {
        using var loader = new DataLoader(new NumberedRows(0), new RandomSampler(0, seed: 1), 4, CPU) { Prefetching = new() { Workers = workers } };

        Assert.AreEqual(0, loader.Count);
        Assert.AreEqual(0, loader.Epoch(1).Count());
    }

    [TestMethod]
    public void Epoch_OfAWorkerThatCannotStart_NamesIt()
    {
        using var loader = new DataLoader(new NumberedRows(10), new SequentialSampler(10), 1, CPU)
        {
            Prefetching = new() { Workers = 1, PersistentWorkers = true, WorkerStart = _ => throw new InvalidOperationException("mine") },
        };

        foreach (var epoch in new[] { 1, 2 })
            Assert.AreEqual("Prefetching.WorkerStart failed on 'MlComponents loader worker 0': mine", Assert.ThrowsExactly<BatchReadException>(() => loader.Epoch(epoch).Count()).Message);
    }

    [TestMethod]
    public void Fit_OnRowsThatCannotBeRead_SaysWhere()
    {
        var data = new LambdaExamples(32, number => number == 20 ? throw new InvalidDataException("bad picture") : Vector(number, 3));
        var options = new TrainerOptions { BatchSize = 8, Seed = 1, Device = "cpu", Shuffle = false, Prefetching = new() { Workers = 2 } };

        var e = Assert.ThrowsExactly<BatchReadException>(() => new Trainer(options).Fit(new Mlp(), Objective.Multiclass(32), data));

        StringAssert.Contains(e.Message, "Example 20 can't be read: bad picture");
    }

    private static string Digit(string message) => message.Contains("worker ", StringComparison.Ordinal) ? $"{message[message.IndexOf("worker ", StringComparison.Ordinal) + 7]}" : "";

    private static Example Vector(long number, long length) => new(zeros(length), tensor(number));

    private static Batch Rows(long count, Tensor features, string name = Batch.FeaturesName) => new([KeyValuePair.Create(name, features), KeyValuePair.Create(Batch.LabelName, zeros(count, int64))]);

    private static (BatchReadException Error, int Given) Fails(MapDataset data, Sampler sampler, int workers = 0) => Fails(data, new SizedBatches(sampler, 2), workers);

    private static (BatchReadException Error, int Given) Fails(MapDataset data, BatchSampler batches, int workers = 0)
    {
        using var loader = new DataLoader(data, batches, CPU) { Prefetching = new() { Workers = workers } };
        var given = 0;
        var error = Assert.ThrowsExactly<BatchReadException>(() =>
        {
            foreach (var batch in loader.Epoch(1))
                given++;
        });
        return (error, given);
    }

    private sealed class LambdaExamples(long count, Func<long, Example> read, Func<IReadOnlyList<Example>, Batch>? collate = null) : ExampleDataset
    {
        public override long Count => count;

        public override IReadOnlyDictionary<string, long[]> Shapes { get; } = new Dictionary<string, long[]> { [Batch.FeaturesName] = [3], [Batch.LabelName] = [] };

        public override Example Read(long index) => read(index);

        public override Batch Collate(IReadOnlyList<Example> examples) => collate is null ? base.Collate(examples) : collate(examples);
    }

    private sealed class LambdaRows(Func<long, Batch> gather) : MapDataset
    {
        public long Size { get; set; } = 10;

        public override long Count => Size;

        public override IReadOnlyDictionary<string, long[]> Shapes { get; } = new Dictionary<string, long[]> { [Batch.FeaturesName] = [3], [Batch.LabelName] = [] };

        public override Batch Gather(ReadOnlySpan<long> indices) => gather(indices.Length);
    }

    private sealed record Breaking : AugmentationDefinition
    {
        public override Augmentation Create(IReadOnlyDictionary<string, long[]> shapes) => new Broken();
    }

    private sealed class Broken : Augmentation
    {
        public override Batch Apply(Batch batch, ExampleRandom random) => throw new InvalidOperationException("broken");
    }
}
