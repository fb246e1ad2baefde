using MlComponents.MLNet.Tests.Streaming;

namespace MlComponents.MLNet.Tests.Trainers;

/// <summary>A trainer streams views that don't fit into the memory budget.</summary>
[TestClass]
public sealed class StreamingTests : StreamingTest
{
    [TestMethod]
    [DataRow("list")]
    [DataRow("csv")]
    [DataRow("idv")]
    public void Fit_OfAViewAboveTheBudget_GivesEachRowOnceAnEpochInOrdersThatDontCorrelate(string kind)
    {
        var seen = Read(Options, View(kind));

        foreach (var epoch in seen.Epochs)
            CollectionAssert.AreEqual(All, epoch.Order().ToArray());
        Assert.IsLessThan(0.05, Math.Abs(Spearman(seen.Epochs[0], seen.Epochs[1])));
        Assert.IsLessThan(0.05, Math.Abs(Spearman(seen.Epochs[0], All)));
        Assert.IsTrue(Warnings.Exists(each => each.StartsWith($"The {Count} training rows take {Count * NumberedRow.Bytes} bytes, which is more than the part that they may have of the memory budget of 1048576", StringComparison.Ordinal)));
        Assert.IsEmpty(Folder.GetFiles());
    }

    [TestMethod]
    public void Fit_WithoutShuffling_ReadsTheViewInItsOrder()
    {
        var seen = Read(Options with { Shuffle = false }, View("csv"));

        foreach (var epoch in seen.Epochs)
            CollectionAssert.AreEqual(All, epoch);
    }

    [TestMethod]
    [DataRow("csv", "in its own order")]
    [DataRow("cache", "in an order that it draws")]
    [DataRow("idv", "in an order that it draws")]
    public void Fit_WithNoRoomForTheFile_SaysSoAndMixesByThePoolAlone(string kind, string order)
    {
        var seen = Read(Options with { TemporaryFolder = NoFolder }, View(kind));

        foreach (var epoch in seen.Epochs)
            CollectionAssert.AreEqual(All, epoch.Order().ToArray());
        CollectionAssert.AreNotEqual(seen.Epochs[0], seen.Epochs[1]);
        Assert.IsTrue(Warnings.Exists(each => each.Contains($"in every epoch, {order}, and mixed by the pool alone, because there is no room to write them down", StringComparison.Ordinal)));
    }

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public void Fit_WithAValidationFraction_HoldsTheSameRowsBackInEveryEpoch(bool shuffles)
    {
        var seen = Read(Options with { ValidationFraction = 0.2, Shuffle = shuffles }, View("csv"));

        CollectionAssert.AreEqual(All, seen.Epochs[0].Concat(seen.Validation).Order().ToArray());
        Assert.AreEqual(0.2 * Count, seen.Validation.Length, 5 * Math.Sqrt(0.16 * Count));   // of a binomial distribution
    }

    [TestMethod]
    public void Fit_OfAValidationSetAboveTheBudget_ReadsItAll()
    {
        var seen = Read(Options with { ValidationSet = View("csv"), Epochs = 1 }, View());

        CollectionAssert.AreEqual(All, seen.Validation);
        Assert.IsTrue(Warnings.Exists(each => each.StartsWith($"The {Count} validation rows take", StringComparison.Ordinal)));
    }

    [TestMethod]
    public void Fit_InterruptedWithinAnEpochAndResumed_EndsWithTheBitsOfAnUndisturbedRun()
    {
        var (options, view) = (Options with { BatchSize = 500, Checkpoints = new() { Folder = Path.Combine(Folder.FullName, "checkpoints"), EverySteps = 10 } }, View());
        var failing = new LambdaCallback { OnStepEnd = e => { if (e.Step == 87) throw new InvalidOperationException("mine"); } };
        Assert.ThrowsExactly<InvalidOperationException>(() => Trainer(options, failing).Fit(view));

        using var resumed = Trainer(options with { Checkpoints = options.Checkpoints! with { Resume = true } }).Fit(view);
        using var undisturbed = Trainer(options with { Checkpoints = null }).Fit(view);

        CollectionAssert.AreEqual(Bits(undisturbed), Bits(resumed));
    }

    [TestMethod]
    public void Fit_OfAViewThatShrinks_SaysBothNumbers()
    {
        var passes = 0;
        IEnumerable<NumberedRow> Rows()
        {
            passes++;
            return NumberedRow.Create(passes < 3 ? Count : Count - 7);
        }

        var e = Assert.ThrowsExactly<BatchReadException>(() => Trainer(Options with { Shuffle = false }).Fit(Ml.Data.LoadFromEnumerable(Enumerable.Range(0, 1).SelectMany(_ => Rows()))));

        StringAssert.Contains(e.Message, $"ended after {Count - 7} examples of epoch 1, but its Count is {Count}", StringComparison.Ordinal);
    }

    [TestMethod]
    public void Fit_OfNaNInAnEpochAlone_NamesTheRow()
    {
        var passes = 0;
        IEnumerable<NumberedRow> Rows()
        {
            passes++;
            foreach (var row in NumberedRow.Create(Count))
            {
                if (passes == 4 && row.Number == 41)
                    row.Features[2] = float.NaN;
                yield return row;
            }
        }

        var e = Assert.ThrowsExactly<BatchReadException>(() => Trainer(Options with { Shuffle = false }).Fit(Ml.Data.LoadFromEnumerable(Rows())));

        StringAssert.Contains(e.Message, "Row 41 of the training rows, counted from 0, can't be learned from", StringComparison.Ordinal);
        StringAssert.Contains(e.Message, "of epoch 2", StringComparison.Ordinal);
    }

    [TestMethod]
    public void Fit_WithSkip_LeavesInvalidRowsOut()
    {
        var rows = NumberedRow.Create(Count).ToList();
        rows[5].Features[0] = rows[Count - 1].Features[3] = float.NaN;

        var seen = Read(Options with { InvalidRows = InvalidRows.Skip }, Ml.Data.LoadFromEnumerable(rows));

        CollectionAssert.AreEqual(Enumerable.Range(0, Count - 1).Where(row => row != 5).ToArray(), seen.Epochs[1].Order().ToArray());
        Assert.IsTrue(Warnings.Exists(each => each.StartsWith($"2 of {Count} training rows were left out", StringComparison.Ordinal)));
    }

    [TestMethod]
    public void Fit_OfOneClassAboveTheBudget_SaysWhich()
    {
        var rows = NumberedRow.Create(Count).Select(row => new NumberedRow { Features = row.Features, IsSmall = true });

        var e = Assert.ThrowsExactly<InvalidDataException>(() => Ml.BinaryClassification.Trainers.Torch(Blobs.Network, Options with { LabelColumnName = "IsSmall" }).Fit(Ml.Data.LoadFromEnumerable(rows)));

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
}
