namespace MlComponents.MLNet.Tests.Streaming;

/// <summary>What a run on streamed rows ends with.</summary>
[TestClass]
public sealed class StreamedTrainingTests : StreamingTest
{
    private const int Few = 500;

    [TestMethod]
    [DataRow("cache")]
    [DataRow("idv")]
    [DataRow("shuffled")]
    public void Fit_WithoutRoomForTheFileInterruptedWithinAnEpochAndResumed_EndsWithTheBitsOfAnUndisturbedRun(string kind)
    {
        var view = View(kind);
        var options = Options with { BatchSize = Few, TemporaryFolder = NoFolder };
        var checkpoints = new Checkpointing { Folder = Path.Combine(Folder.FullName, "checkpoints"), EverySteps = 10 };
        var failing = new LambdaCallback { OnStepEnd = e => { if (e.Step == 95) throw new InvalidOperationException("mine"); } };
        Assert.ThrowsExactly<InvalidOperationException>(() => Trainer(options with { Checkpoints = checkpoints }, failing).Fit(view));

        var resumedFrom = 0L;
        using var resumed = Trainer(options with { Checkpoints = checkpoints with { Resume = true } }, new LambdaCallback { OnTrainStart = e => resumedFrom = e.Run.ResumedFromStep ?? 0 }).Fit(view);
        using var undisturbed = Trainer(options).Fit(view);

        Assert.IsInRange(70, 95, resumedFrom);   // of 60 steps an epoch
        CollectionAssert.AreEqual(Bits(undisturbed), Bits(resumed));
    }

    [TestMethod]
    [DataRow("idv")]
    [DataRow("shuffled")]
    public void Fit_WithoutRoomForTheFileAndWithRowsHeldBack_HoldsTheSameRowsBackInEveryEpoch(string kind)
    {
        var seen = Read(Options with { TemporaryFolder = NoFolder, ValidationFraction = 0.3 }, View(kind));

        foreach (var epoch in seen.Epochs)
            CollectionAssert.AreEqual(All, epoch.Concat(seen.Validation).Order().ToArray());
    }

    [TestMethod]
    public void Fit_ResumedWhereThereIsNoMoreRoomForTheFile_NamesBothOrders()
    {
        var options = Options with { BatchSize = Few, Epochs = 1, Checkpoints = new() { Folder = Path.Combine(Folder.FullName, "checkpoints"), Resume = true } };
        Trainer(options).Fit(View()).Dispose();

        var e = Assert.ThrowsExactly<InvalidDataException>(() => Trainer(options with { Epochs = 2, TemporaryFolder = NoFolder }).Fit(View()));

        StringAssert.Contains(e.Message, "rows of blocks of 15 rows in random order\", but here \"drawn from a pool of 7710 rows of the view in its own order\"", StringComparison.Ordinal);
    }

    [TestMethod]
    [DataRow(0.3)]
    [DataRow(0.05)]
    public void Fit_CancelledAndResumedWithRowsHeldBack_EndsWithTheBitsOfAnUndisturbedRun(double fraction)
    {
        var options = Options with { BatchSize = Few, ValidationFraction = fraction };
        var checkpoints = new Checkpointing { Folder = Path.Combine(Folder.FullName, "checkpoints"), EverySteps = 10 };
        using var source = new CancellationTokenSource();
        var cancelling = new LambdaCallback { OnValidationBatch = e => { if (e.Epoch == 1 && e.Number == 2) source.Cancel(); } };   // held-back rows are read right then
        using var cancelled = Trainer(options with { Checkpoints = checkpoints, CancellationToken = source.Token }, cancelling).Fit(View());

        using var resumed = Trainer(options with { Checkpoints = checkpoints with { Resume = true } }).Fit(View());
        using var undisturbed = Trainer(options).Fit(View());

        Assert.IsNotNull(cancelled.Model.History!.StopReason);
        Assert.HasCount(2, resumed.Model.History!);
        CollectionAssert.AreEqual(Bits(undisturbed), Bits(resumed));
        CollectionAssert.AreEqual(Metrics(undisturbed), Metrics(resumed));
    }

    [TestMethod]
    public void Fit_WithStochasticWeightAveraging_ComputesTheStatisticsOfTheStreamAsOfTheSameRowsInMemory()
    {
        var view = new WatchedView(View());
        var options = Options with { BatchSize = Few, Shuffle = false, Average = new StochasticWeightAveraging { StartFraction = 0.25, EverySteps = 7 } };

        using var streamed = Normalized(options).Fit(view);
        using var inMemory = Normalized(options with { MemoryBudget = 1 << 24 }).Fit(View());
        using var last = Normalized(options with { Average = null }).Fit(View());

        CollectionAssert.AreEqual(new[] { Count, Count, Count, Count }, view.Passes.ToArray());   // a survey, two epochs, the statistics
        CollectionAssert.AreEqual(Bits(inMemory), Bits(streamed));
        CollectionAssert.AreNotEqual(Bits(last), Bits(streamed));
    }

    [TestMethod]
    public void Fit_WithStochasticWeightAveragingAndShuffling_HasTheStatisticsOfAllRows()
    {
        using var streamed = Normalized(Options with { BatchSize = Few, Average = new StochasticWeightAveraging() }).Fit(View());
        using var scope = NewDisposeScope();
        var network = streamed.Model.Network.state_dict();
        var features = tensor(NumberedRow.Create(Count).SelectMany(row => row.Features).ToArray(), [Count, NumberedRow.Width]);
        var hidden = features.matmul(network["layers.linear1.weight"].t());   // [N, 16]

        TensorAssert.AreClose(hidden.mean([0]), network["layers.norm1.running_mean"], 1e-4);
        TensorAssert.AreClose(hidden.reshape(Count / Few, Few, 16).var(1).mean([0]), network["layers.norm1.running_var"], 1e-2);   // whichever rows are in a batch
    }

    [TestMethod]
    [DataRow("in its order")]
    [DataRow("without room")]
    public void Fit_WithSkipAndNoFile_LeavesInvalidRowsOutAndCountsThemOnce(string how)
    {
        var rows = NumberedRow.Create(Count).ToList();
        rows[5].Features[0] = rows[Count - 1].Features[3] = float.NaN;
        rows[17].Number = float.PositiveInfinity;
        var options = Options with { InvalidRows = InvalidRows.Skip, ValidationFraction = 0.2 };

        var seen = Read(how == "in its order" ? options with { Shuffle = false } : options with { TemporaryFolder = NoFolder }, Ml.Data.LoadFromEnumerable(rows));

        var valid = Enumerable.Range(0, Count - 1).Where(row => row is not (5 or 17)).ToArray();
        foreach (var epoch in seen.Epochs)
            CollectionAssert.AreEqual(valid, epoch.Concat(seen.Validation).Order().ToArray());
        Assert.HasCount(1, Warnings.Where(each => each.StartsWith($"3 of {Count} training rows were left out: a label is missing, or ", StringComparison.Ordinal)));
    }

    /// <summary>Whatever is wrong with the rows, it is said as of rows in memory.</summary>
    [TestMethod]
    [DataRow("a NaN", "Row 20000 of the training rows, counted from 0, can't be learned from: the feature column 'Features' has NaN at index 3")]
    [DataRow("a vector too short", "Row 20000 of the training rows, counted from 0, can't be learned from: the feature column 'Features' has 5 values where its type says 16")]
    [DataRow("one class", "All 30000 training rows have the same label, false, in the column 'IsSmall'")]
    [DataRow("no label", "Schema mismatch for label column 'IsSmall': expected Boolean or a Key of 2, got no column of that name; there are Features, Number.")]
    public void Fit_OfRowsThatCantBeLearnedFrom_SaysWhatItSaysOfRowsInMemory(string what, string message)
    {
        var rows = NumberedRow.Create(Count).Select(row => new NumberedRow { Features = row.Features, Number = row.Number, IsSmall = what != "one class" && row.Number < 100 }).ToList();
        if (what == "a NaN")
            rows[20_000].Features[3] = float.NaN;
        if (what == "a vector too short")
            rows[20_000].Features = new float[5];
        var view = (IDataView)Ml.Data.LoadFromEnumerable(rows);
        if (what == "no label")
            view = Ml.Transforms.DropColumns("IsSmall").Fit(view).Transform(view);

        string Message(TorchTrainerOptions options) =>
            Assert.Throws<Exception>(() => Ml.BinaryClassification.Trainers.Torch(Blobs.Network, options with { LabelColumnName = "IsSmall", Epochs = 1 }).Fit(view)).Message;

        StringAssert.StartsWith(Message(Options with { MemoryBudget = 1 << 24 }), message, StringComparison.Ordinal);
        LeavesNothing(networks: 0, () =>
        {
            StringAssert.StartsWith(Message(Options with { TemporaryFolder = Folder.FullName }), message, StringComparison.Ordinal);
            StringAssert.StartsWith(Message(Options with { Shuffle = false }), message, StringComparison.Ordinal);
            StringAssert.StartsWith(Message(Options with { TemporaryFolder = NoFolder }), message, StringComparison.Ordinal);
        });
    }

    private TorchTrainer Normalized(TorchTrainerOptions options) =>
        Ml.Regression.Trainers.Torch(Blobs.Network with { Normalization = new BatchNorm() }, options with { TemporaryFolder = Folder.FullName });

    private static string[] Metrics(TorchTransformer model) => [.. model.Model.History!.SelectMany(row => row.Metrics.Select(metric => $"{row.Step} {metric.Key} {metric.Value:r}"))];
}
