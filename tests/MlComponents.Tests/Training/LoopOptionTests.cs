namespace MlComponents.Tests.Training;

/// <summary>What each option of the loop changes, on against off.</summary>
[TestClass]
public sealed class LoopOptionTests
{
    [TestMethod]
    [DataRow(5, 2)]
    [DataRow(4, 1)]
    [DataRow(9, 3)]
    public void MaxSteps_EndsTheRunAfterSoManySteps(int maximum, int epochs)
    {
        var steps = new List<StepEnd>();

        using var result = Fit(64, Blobs.Options with { MaxSteps = maximum, Callbacks = [new LambdaCallback { OnStepEnd = steps.Add }] }, validationRows: 16);   // 4 steps an epoch

        CollectionAssert.AreEqual(Enumerable.Range(1, maximum).ToList(), steps.ConvertAll(step => (int)step.Step));
        Assert.HasCount(epochs, result.History);
        Assert.AreEqual(maximum, result.History[^1].Step);
        Assert.IsTrue(result.History[^1].Metrics.ContainsKey("validation/loss"), "the end of the run is validated");
        Assert.IsNull(result.History.StopReason);
    }

    [TestMethod]
    public void MaxSteps_IsWhatSchedulesTakeAsTheWholeRun()
    {
        var rates = new List<double>();
        var options = Blobs.Options with { MaxSteps = 6, Schedule = new Cosine(), Callbacks = [new LambdaCallback { OnStepEnd = e => rates.Add(e.LearningRate / 1e-2) }] };

        using var result = Fit(64, options);

        for (var step = 0; step < 6; step++)
            Assert.AreEqual(0.5 * (1 + Math.Cos(Math.PI * step / 6)), rates[step], 1e-12);
    }

    [TestMethod]
    public void ValidateEvery_ValidatesWithinEpochsAndAtTheEnd()
    {
        using var result = Fit(96, Blobs.Options with { Epochs = 2, ValidateEvery = 4 }, validationRows: 16);   // 6 steps an epoch

        CollectionAssert.AreEqual(new long[] { 4, 6, 8, 12 }, result.History.Select(row => row.Step).ToList());
        CollectionAssert.AreEqual(new[] { 1, 1, 2, 2 }, result.History.Select(row => row.Epoch).ToList());
        CollectionAssert.AreEqual(new[] { true, false, true, true }, result.History.Select(row => row.Metrics.ContainsKey("validation/loss")).ToList());
    }

    [TestMethod]
    public void ValidateEvery_ChangesNoWeight()
    {
        using var without = Fit(96, Blobs.Options, validationRows: 16);
        using var with = Fit(96, Blobs.Options with { ValidateEvery = 1 }, validationRows: 16);

        CollectionAssert.AreEqual(Bits(without.Network), Bits(with.Network));
    }

    [TestMethod]
    public void EarlyStopping_WithinAnEpoch_EndsTheRunThere()
    {
        var options = Blobs.Options with { ValidateEvery = 2, Optimizer = new Sgd { LearningRate = 1e-12 }, Callbacks = [new EarlyStopping { Patience = 1, MinimumChange = 1 }] };

        using var result = Fit(96, options, validationRows: 16);

        Assert.AreEqual(4, result.History[^1].Step);
        StringAssert.Contains(result.History.StopReason, "has not improved");
    }

    [TestMethod]
    public void TimeLimit_EndsTheRunWithinAStepAndValidatesIt()
    {
        using var result = Fit(96, Blobs.Options with { TimeLimit = TimeSpan.FromTicks(1) }, validationRows: 16);

        Assert.AreEqual(1, result.History[^1].Step);
        Assert.IsTrue(result.History[^1].Metrics.ContainsKey("validation/loss"));
        Assert.AreEqual("The time limit of 00:00:00.0000001 was over after 1 of 18 steps.", result.History.StopReason);
    }

    [TestMethod]
    public void DropLast_LeavesOutTheRowsThatFillNoBatch()
    {
        var rows = new List<int>();
        var options = Blobs.Options with { Epochs = 1, Callbacks = [new LambdaCallback { OnStepEnd = e => rows.Add(e.Rows) }] };

        using var all = Fit(40, options);
        using var full = Fit(40, options with { DropLast = true });

        CollectionAssert.AreEqual(new[] { 16, 16, 8, 16, 16 }, rows);
    }

    [TestMethod]
    public void SanityValidationBatches_AreRunBeforeTheFirstStep()
    {
        using var training = Blobs.Create(32, seed: 1);
        using var validation = Blobs.Create(8, seed: 2);
        using var broken = new TensorDataset(training.Gather([0, 1]).Features, tensor(new long[] { 0, 99 }));   // no such class
        var steps = 0;
        var options = Blobs.Options with { Callbacks = [new LambdaCallback { OnStepEnd = _ => steps++ }] };

        Assert.Throws<Exception>(() => new Trainer(options with { SanityValidationBatches = 1 }).Fit(Blobs.Network, Objective.Multiclass(Blobs.Classes), training, broken));
        var sane = steps;
        Assert.Throws<Exception>(() => new Trainer(options).Fit(Blobs.Network, Objective.Multiclass(Blobs.Classes), training, broken));

        Assert.AreEqual(0, sane);
        Assert.AreEqual(2, steps);
    }

    [TestMethod]
    public void SanityValidationBatches_LeaveNoTrace()
    {
        using var without = Fit(96, Blobs.Options, validationRows: 40);
        using var with = Fit(96, Blobs.Options with { SanityValidationBatches = 2 }, validationRows: 40);

        CollectionAssert.AreEqual(Bits(without.Network), Bits(with.Network));
        Assert.HasCount(without.History.Count, with.History);
    }

    [TestMethod]
    public void Fit_WithoutValidationRows_RefusesAllThatNeedsThem()
    {
        var options = Blobs.Options with { ValidateEvery = 3, SanityValidationBatches = 2, Checkpoints = new() { Folder = "unused", Metric = "validation/accuracy" } };

        var e = Assert.ThrowsExactly<ArgumentException>(() => Fit(32, options));

        StringAssert.StartsWith(e.Message,
            "ValidateEvery 3 and SanityValidationBatches 2 and Checkpointing.Metric 'validation/accuracy' can't be without validation rows: give some, or leave them out.");
    }

    [TestMethod]
    public void OverfitBatches_SeesTheFirstRowsOnly()
    {
        using var training = Blobs.Create(96, seed: 1);
        using var first = Blobs.Create(96, seed: 1).Gather([.. Enumerable.Range(0, 32).Select(i => (long)i)]);
        using var head = new TensorDataset(first.Features, first.Label);

        using var overfit = new Trainer(Blobs.Options with { OverfitBatches = 2 }).Fit(Blobs.Network, Objective.Multiclass(Blobs.Classes), training);
        using var same = new Trainer(Blobs.Options with { Shuffle = false }).Fit(Blobs.Network, Objective.Multiclass(Blobs.Classes), head);

        Assert.AreEqual(6, overfit.History[^1].Step);
        CollectionAssert.AreEqual(Bits(same.Network), Bits(overfit.Network));
    }

    [TestMethod]
    public void MaxGradientValue_IsTheLargestMoveOfPlainSgd()
    {
        Assert.IsGreaterThan(0.01, LargestMove(null));
        Assert.AreEqual(0.001, LargestMove(0.001), 1e-7);
    }

    private static double LargestMove(double? maximum)
    {
        Dictionary<string, Tensor>? before = null;
        var move = 0.0;
        var options = Blobs.Options with
        {
            MaxSteps = 1, Optimizer = new Sgd { LearningRate = 1 }, MaxGradientValue = maximum,
            Callbacks =
            [
                new LambdaCallback
                {
                    OnTrainStart = e => before = e.Run.Network.state_dict().ToDictionary(pair => pair.Key, pair => pair.Value.detach().clone()),
                    OnStepEnd = e => move = e.Run.Network.state_dict().Max(pair => (pair.Value.detach() - before![pair.Key]).abs().max().ToDouble()),
                },
            ],
        };

        using var scope = NewDisposeScope();
        using var result = Fit(64, options);
        return move;
    }

    private static TrainingResult Fit(int rows, TrainerOptions options, int validationRows = 0)
    {
        using var training = Blobs.Create(rows, seed: 1);
        using var validation = validationRows == 0 ? null : Blobs.Create(validationRows, seed: 2);
        return new Trainer(options).Fit(Blobs.Network, Objective.Multiclass(Blobs.Classes), training, validation);
    }

    private static byte[] Bits(nn.Module network) => [.. network.state_dict().Values.SelectMany(tensor => tensor.bytes.ToArray())];
}
