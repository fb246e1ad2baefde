using Microsoft.ML.Runtime;

namespace MlComponents.MLNet.Tests.Trainers;

/// <summary>Views that don't fit into the memory budget.</summary>
[TestClass]
public sealed class StreamingTests
{
    private const int Count = 30_000;
    private const int Width = 16;   // 68 bytes a row: 2 MB, where the budget is 1

    private static readonly TorchTrainerOptions Options = new()
    {
        Epochs = 2, BatchSize = 100, Seed = 3, Device = "cpu", LabelColumnName = "Number", MemoryBudget = 1 << 20,
    };

    private readonly MLContext ml = new(seed: 1);
    private readonly List<string> warnings = [];
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("mlnet-streaming-");

    public StreamingTests() => ml.Log += (_, e) =>
    {
        if (e.Kind == ChannelMessageKind.Warning)
            warnings.Add(e.RawMessage);
    };

    [TestCleanup]
    public void DeleteFolder() => folder.Delete(recursive: true);

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public void Fit_OfAViewAboveTheBudget_GivesEachRowOnceAnEpochInOrdersThatDontCorrelate(bool isInMemory)
    {
        var seen = Read(Options, isInMemory ? View() : Csv());

        foreach (var epoch in seen.Epochs)
            CollectionAssert.AreEqual(Enumerable.Range(0, Count).ToArray(), epoch.Order().ToArray());
        Assert.IsLessThan(0.05, Math.Abs(Spearman(seen.Epochs[0], seen.Epochs[1])));
        Assert.IsLessThan(0.05, Math.Abs(Spearman(seen.Epochs[0], [.. Enumerable.Range(0, Count)])));
        Assert.IsTrue(warnings.Exists(each => each.StartsWith($"The {Count} training rows take {Count * 68} bytes, which is more than the part that they may have of the memory budget of 1048576", StringComparison.Ordinal)));
        Assert.IsEmpty(folder.GetFiles());
    }

    [TestMethod]
    public void Fit_WithoutShuffling_ReadsTheViewInItsOrder()
    {
        var seen = Read(Options with { Shuffle = false }, Csv());

        foreach (var epoch in seen.Epochs)
            CollectionAssert.AreEqual(Enumerable.Range(0, Count).ToArray(), epoch);
    }

    [TestMethod]
    public void Fit_WithNoRoomForTheFile_SaysSoAndMixesByThePoolAlone()
    {
        var seen = Read(Options with { TemporaryFolder = Path.Combine(folder.FullName, "missing") }, Csv());

        CollectionAssert.AreEqual(Enumerable.Range(0, Count).ToArray(), seen.Epochs[1].Order().ToArray());
        CollectionAssert.AreNotEqual(seen.Epochs[0], seen.Epochs[1]);
        Assert.IsTrue(warnings.Exists(each => each.Contains("mixed by the pool alone, because there is no room to write them down", StringComparison.Ordinal)));
    }

    [TestMethod]
    [OSCondition(OperatingSystems.Linux)]
    public void Write_ToAFullDisk_SaysWhatTheSystemSays()
    {
        var view = View();
        using var file = new RowFile(File.OpenHandle("/dev/full", FileMode.Open, FileAccess.ReadWrite), TrainingColumns.Of(view.Schema, RegressionTask.Instance, Options), 1 << 20);

        var e = Assert.ThrowsExactly<RowFileException>(() =>
        {
            for (var row = 0; row < 1000; row++)
            {
                file.Next().Clear();
                file.Add(row, 1);
            }
        });

        StringAssert.StartsWith(e.Message, "The temporary file of the rows can't be written: ", StringComparison.Ordinal);
    }

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public void Fit_WithAValidationFraction_HoldsTheSameRowsBackInEveryEpoch(bool shuffles)
    {
        var seen = Read(Options with { ValidationFraction = 0.2, Shuffle = shuffles }, Csv());

        CollectionAssert.AreEqual(Enumerable.Range(0, Count).ToArray(), seen.Epochs[0].Concat(seen.Validation).Order().ToArray());
        Assert.AreEqual(0.2 * Count, seen.Validation.Length, 5 * Math.Sqrt(0.16 * Count));   // of a binomial distribution
    }

    [TestMethod]
    public void Fit_OfAValidationSetAboveTheBudget_ReadsItAll()
    {
        var seen = Read(Options with { ValidationSet = Csv(), Epochs = 1 }, View());

        CollectionAssert.AreEqual(Enumerable.Range(0, Count).ToArray(), seen.Validation);
        Assert.IsTrue(warnings.Exists(each => each.StartsWith($"The {Count} validation rows take", StringComparison.Ordinal)));
    }

    [TestMethod]
    public void Fit_InterruptedWithinAnEpochAndResumed_EndsWithTheBitsOfAnUndisturbedRun()
    {
        var (options, view) = (Options with { Checkpoints = new() { Folder = Path.Combine(folder.FullName, "checkpoints"), EverySteps = 50 } }, View());
        var failing = new LambdaCallback { OnStepEnd = e => { if (e.Step == 433) throw new InvalidOperationException("mine"); } };
        Assert.ThrowsExactly<InvalidOperationException>(() => Trainer(options, failing).Fit(view));

        using var resumed = Trainer(options with { Checkpoints = options.Checkpoints! with { Resume = true } }).Fit(view);
        using var undisturbed = Trainer(Options).Fit(view);

        var few = ml.Data.TakeRows(view, 50);
        CollectionAssert.AreEqual(ScoreText.Of(undisturbed.Transform(few)).ToArray(), ScoreText.Of(resumed.Transform(few)).ToArray());
    }

    [TestMethod]
    public void Fit_OfAViewThatShrinks_SaysBothNumbers()
    {
        var passes = 0;
        IEnumerable<Row> Rows()
        {
            passes++;
            return Draw(passes < 3 ? Count : Count - 7);
        }

        var e = Assert.ThrowsExactly<BatchReadException>(() => Trainer(Options with { Shuffle = false }).Fit(ml.Data.LoadFromEnumerable(Enumerable.Range(0, 1).SelectMany(_ => Rows()))));

        StringAssert.Contains(e.Message, $"ended after {Count - 7} examples of epoch 1, but its Count is {Count}", StringComparison.Ordinal);
    }

    [TestMethod]
    public void Fit_OfNaNInAnEpochAlone_NamesTheRow()
    {
        var passes = 0;
        IEnumerable<Row> Rows()
        {
            passes++;
            foreach (var row in Draw(Count))
            {
                if (passes == 4 && row.Number == 41)
                    row.Features[2] = float.NaN;
                yield return row;
            }
        }

        var e = Assert.ThrowsExactly<BatchReadException>(() => Trainer(Options with { Shuffle = false }).Fit(ml.Data.LoadFromEnumerable(Rows())));

        StringAssert.Contains(e.Message, "Row 41 of the training rows, counted from 0, can't be learned from", StringComparison.Ordinal);
        StringAssert.Contains(e.Message, "of epoch 2", StringComparison.Ordinal);
    }

    [TestMethod]
    public void Fit_WithSkip_LeavesInvalidRowsOut()
    {
        var rows = Draw(Count).ToList();
        rows[5].Features[0] = rows[Count - 1].Features[3] = float.NaN;

        var seen = Read(Options with { InvalidRows = InvalidRows.Skip }, ml.Data.LoadFromEnumerable(rows));

        CollectionAssert.AreEqual(Enumerable.Range(0, Count - 1).Where(row => row != 5).ToArray(), seen.Epochs[1].Order().ToArray());
        Assert.IsTrue(warnings.Exists(each => each.StartsWith($"2 of {Count} training rows were left out", StringComparison.Ordinal)));
    }

    [TestMethod]
    public void Fit_OfOneClassAboveTheBudget_SaysWhich()
    {
        var rows = Draw(Count).Select(row => new Row { Features = row.Features, IsSmall = true });

        var e = Assert.ThrowsExactly<InvalidDataException>(() => ml.BinaryClassification.Trainers.Torch(Blobs.Network, Options with { LabelColumnName = "IsSmall" }).Fit(ml.Data.LoadFromEnumerable(rows)));

        StringAssert.Contains(e.Message, $"All {Count} training rows have the same label, true, in the column 'IsSmall'", StringComparison.Ordinal);
    }

    [TestMethod]
    public void Fit_WithABudgetBelowOneBatch_SaysTheLeast()
    {
        var e = Assert.ThrowsExactly<ArgumentException>(() => Trainer(Options with { BatchSize = 10_000 }).Fit(View()));

        StringAssert.Contains(e.Message, "give at least 1360000, or use a smaller batch", StringComparison.Ordinal);
    }

    [TestMethod]
    public void FindLearningRate_OfAViewAboveTheBudget_FindsACurve() =>
        Assert.IsGreaterThanOrEqualTo(20, Trainer(Options).FindLearningRate(View(), new() { Steps = 20, Highest = 1e-3 }).Points.Count);

    [TestMethod]
    public void FindBatchSize_OfAViewAboveTheBudget_EndsWithWhatThePoolHolds() =>
        Assert.AreEqual(4096, Trainer(Options).FindBatchSize(View(), new() { Smallest = 2048, Largest = 1 << 14, StepsPerSize = 2 }).Trials[^1].BatchSize);

    /// <summary>Numbers of the rows in two epochs, as a run gets them, and of those to validate on.</summary>
    private (int[][] Epochs, int[] Validation) Read(TorchTrainerOptions options, IDataView view)
    {
        options = options with { TemporaryFolder = options.TemporaryFolder ?? folder.FullName };
        using var channel = ((IHostEnvironment)ml).Start("Test");
        using var data = TrainingData.Read(view, RegressionTask.Instance, options, seed: 3, channel);
        var stream = (StreamingDataset)data.Training;
        using var loader = new DataLoader(options.Shuffle ? new ShuffledStream(stream, poolRows: 7710, seed: 3) : stream, options.BatchSize, dropLast: false, CPU);
        using var validation = data.Validation switch
        {
            MapDataset map => new DataLoader(map, new SequentialSampler(map.Count), 100, CPU),
            StreamingDataset held => new DataLoader(held, 100, dropLast: false, CPU),
            _ => null,
        };
        return ([Numbers(loader, 1), Numbers(loader, 2)], validation is null ? [] : Numbers(validation, 1));
    }

    private static int[] Numbers(DataLoader loader, int epoch) => [.. loader.Epoch(epoch).SelectMany(batch => batch.Label.data<float>().ToArray()).Select(number => (int)number)];

    private TorchTrainer Trainer(TorchTrainerOptions options, params CallbackDefinition[] callbacks) =>
        ml.Regression.Trainers.Torch(Blobs.Network, options with { Callbacks = callbacks, TemporaryFolder = options.TemporaryFolder ?? folder.FullName });

    private IDataView View() => ml.Data.LoadFromEnumerable(Draw(Count).ToList());

    private IDataView Csv()
    {
        var path = Path.Combine(Directory.CreateDirectory(Path.Combine(folder.FullName, "csv")).FullName, "rows.csv");
        File.WriteAllLines(path, Draw(Count).Select(row => string.Join(',', row.Features.Prepend(row.Number).Select(value => value.ToString(System.Globalization.CultureInfo.InvariantCulture)))));
        return ml.Data.LoadFromTextFile(path, [new("Number", DataKind.Single, 0), new("Features", DataKind.Single, 1, Width)], separatorChar: ',');
    }

    private static IEnumerable<Row> Draw(int count)
    {
        var random = new Random(1);
        for (var number = 0; number < count; number++)
            yield return new() { Number = number, Features = [.. Enumerable.Range(0, Width).Select(_ => random.NextSingle())] };
    }

    /// <summary>Spearman's rank correlation of the places that rows have in two orders.</summary>
    private static double Spearman(int[] first, int[] second)
    {
        var places = new double[first.Length];
        for (var place = 0; place < second.Length; place++)
            places[second[place]] = place;
        var n = (double)first.Length;
        return 1 - 6 * first.Select((row, place) => (places[row] - place) * (places[row] - place)).Sum() / (n * (n * n - 1));
    }

    private sealed class Row
    {
        [VectorType(Width)]
        public float[] Features { get; set; } = [];

        public float Number { get; set; }

        public bool IsSmall { get; set; }
    }
}
