namespace MlComponents.MLNet.Tests.Streaming;

/// <summary>Wherever a view fails, or its run is cancelled, the caller hears why, and nothing is left.</summary>
[TestClass]
public sealed class FailingViewTests : StreamingTest
{
    private const int At = 17_003;   // neither the first nor the last row of a block, chunk or batch

    /// <summary>How rows are read, and in which pass over them; without the file the second epoch is the third.</summary>
    public static IEnumerable<object[]> Places => [["in memory", 1], ["written down", 1], ["in its order", 1], ["in its order", 3], ["without room", 1], ["without room", 3]];

    [TestMethod]
    [DynamicData(nameof(Places))]
    public void Fit_OfAViewThatFails_NamesTheCauseAndLeavesNothing(string how, int pass)
    {
        var mine = new FormatException("mine");
        var view = FailingIn(pass, mine);

        LeavesNothing(networks: pass == 1 ? 0 : 1, () => Fails(how, pass, view, "Number", mine, $"after {At} of them: mine$"));

        CollectionAssert.AreEqual(Enumerable.Repeat(Count, pass - 1).Append(At).ToArray(), view.Passes.ToArray());
        Assert.AreEqual(0, view.Open);
    }

    [TestMethod]
    [DynamicData(nameof(Places))]
    public void Fit_OfAColumnThatFails_NamesTheCauseAndLeavesNothing(string how, int pass)
    {
        var mine = new FormatException("mine");
        var rows = 0;   // ML.NET maps them on several threads where there are several cores, and wraps what is thrown there
        var mapping = Ml.Transforms.CustomMapping<NumberedRow, Target>((row, target) => target.Value = Interlocked.Increment(ref rows) == (pass - 1) * Count + At ? throw mine : row.Number, null);
        var view = new WatchedView(mapping.Fit(View()).Transform(View()));

        LeavesNothing(networks: pass == 1 ? 0 : 1, () => Fails(how, pass, view, "Value", mine, "after [0-9]+ of them: (mine|.*\\(mine\\))$"));

        Assert.AreEqual(0, view.Open);
    }

    [TestMethod]
    public void Fit_OfAViewThatFailsOnAWorker_LeavesNoThread()
    {
        var view = FailingIn(pass: 3, new FormatException("mine"));
        var workers = new List<Thread>();
        var prefetching = new Prefetching { Workers = 2, WorkerStart = _ => { lock (workers) workers.Add(Thread.CurrentThread); } };

        LeavesNothing(networks: 1, () => Assert.ThrowsExactly<BatchReadException>(() => Trainer(With("in its order") with { Prefetching = prefetching }).Fit(view)));

        Assert.IsGreaterThanOrEqualTo(2, workers.Count);
        Assert.IsFalse(workers.Exists(worker => worker.IsAlive));
        Assert.AreEqual(0, view.Open);
    }

    [TestMethod]
    public void Fit_OfATextFileThatIsGoneInTheSecondEpoch_SaysSo()
    {
        var view = View("csv");
        var lost = new LambdaCallback { OnEpochEnd = _ => File.Delete(NewFile("rows.csv")) };

        var e = Assert.ThrowsExactly<BatchReadException>(() => Trainer(With("in its order"), lost).Fit(view));

        StringAssert.Contains(e.Message, $"Reading the training rows failed after 0 of them: Parsing failed with an exception: Stream reading encountered exception (Could not find file '{NewFile("rows.csv")}'.)", StringComparison.Ordinal);
    }

    [TestMethod]
    public void Fit_OfAnIdvFileThatIsDamaged_SaysAfterHowManyRows()
    {
        View("idv");
        var bytes = File.ReadAllBytes(NewFile("rows.idv"));
        bytes.AsSpan(bytes.Length / 2, bytes.Length / 4).Fill(0x33);
        File.WriteAllBytes(NewFile("damaged.idv"), bytes);
        var damaged = Ml.Data.LoadFromBinary(NewFile("damaged.idv"));
        using var owned = (IDisposable)damaged;

        LeavesNothing(networks: 0, () =>
        {
            var e = Assert.ThrowsExactly<InvalidDataException>(() => Trainer(With("written down")).Fit(damaged));

            StringAssert.Contains(e.Message, " of them: Exception thrown in decompressing (", StringComparison.Ordinal);   // of what is in the parentheses there are two kinds
        });
    }

    [TestMethod]
    [DataRow("written down", 1)]
    [DataRow("in its order", 1)]
    [DataRow("without room", 1)]
    [DataRow("in its order", 2)]   // before the first step
    public void Fit_CancelledBeforeTheFirstStep_ThrowsAndLeavesNothing(string how, int pass)
    {
        using var source = new CancellationTokenSource();
        var view = new WatchedView(View(), (now, row) =>
        {
            if (now == pass && row == (pass == 1 ? At : 100))
                source.Cancel();
        });

        LeavesNothing(networks: pass == 1 ? 0 : 1, () => Assert.ThrowsExactly<OperationCanceledException>(() => Trainer(With(how) with { CancellationToken = source.Token, ValidationFraction = pass == 1 ? 0.3 : null }).Fit(view)));

        Assert.AreEqual(pass == 1 ? At + 1 : 101, view.Passes[^1]);
        Assert.AreEqual(0, view.Open);
    }

    [TestMethod]
    [DataRow("written down", 0)]
    [DataRow("in its order", 0)]
    [DataRow("without room", 0)]
    [DataRow("without room", 2)]
    public void Fit_CancelledInTheSecondEpoch_GivesTheModelSoFarAndLeavesNothing(string how, int workers)
    {
        using var source = new CancellationTokenSource();
        var view = new WatchedView(View(), (now, row) =>
        {
            if (now == 3 && row == At)
                source.Cancel();   // within the reading of a batch
        });
        var stop = new LambdaCallback { OnStepEnd = e => { if (how == "written down" && e.Step == 90) source.Cancel(); } };

        LeavesNothing(networks: 1, () =>
        {
            using var model = Trainer(With(how) with { CancellationToken = source.Token, Prefetching = new() { Workers = workers } }, stop).Fit(view);

            StringAssert.StartsWith(model.Model.History!.StopReason, "Cancelled after ", StringComparison.Ordinal);
            Assert.HasCount(1, model.Model.History);
        });

        Assert.AreEqual(0, view.Open);
    }

    private WatchedView FailingIn(int pass, Exception cause) => new(View(), (now, row) =>
    {
        if (now == pass && row == At)
            throw cause;
    });

    private void Fails(string how, int pass, WatchedView view, string label, Exception cause, string message)
    {
        var e = Assert.Throws<Exception>(() => Trainer(With(how) with { LabelColumnName = label, ValidationFraction = pass == 1 ? 0.3 : null }).Fit(view));

        StringAssert.Matches(e.Message, new($"Reading the training rows failed {message}"));
        Assert.AreSame(cause, e.GetBaseException());
        if (pass == 1)
            Assert.IsInstanceOfType<InvalidDataException>(e);
        else
            StringAssert.Contains(Assert.IsInstanceOfType<BatchReadException>(e).Message, "of epoch 2 can't be read: ", StringComparison.Ordinal);
    }

    private TorchTrainerOptions With(string how) => how switch
    {
        "in memory" => Options with { MemoryBudget = 1 << 24 },
        "in its order" => Options with { BatchSize = 500, Shuffle = false },
        "without room" => Options with { BatchSize = 500, TemporaryFolder = NoFolder },
        _ => Options with { BatchSize = 500 },
    };

    private sealed class Target
    {
        public float Value { get; set; }
    }
}
