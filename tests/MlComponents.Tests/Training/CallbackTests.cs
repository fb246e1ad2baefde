namespace MlComponents.Tests.Training;

[TestClass]
public sealed class CallbackTests
{
    [TestMethod]
    public void Hooks_OfAWholeRun_ComeInOrder()
    {
        using var training = Blobs.Create(32, seed: 1);
        using var validation = Blobs.Create(32, seed: 2);
        var log = new List<string>();
        var callback = new LambdaCallback
        {
            OnTrainStart = _ => log.Add("train start"),
            OnEpochStart = e => log.Add($"epoch start {e.Epoch}"),
            OnStepStart = e => log.Add($"step start {e.Step}"),
            OnBackwardEnd = e => log.Add($"backward end {e.Step}"),
            OnStepEnd = e => log.Add($"step end {e.Step}"),
            OnValidationStart = e => log.Add($"validation start {e.Epoch}"),
            OnValidationEnd = e => log.Add($"validation end {e.Epoch}"),
            OnEpochEnd = e => log.Add($"epoch end {e.Row.Epoch}"),
            OnTrainEnd = _ => log.Add("train end"),
            OnReport = _ => log.Add("report"),
        };

        using var result = new Trainer(Blobs.Options with { Epochs = 2, Callbacks = [callback] }).Fit(Blobs.Network, Objective.Multiclass(3), training, validation);

        CollectionAssert.AreEqual(new[]
        {
            "train start",
            "epoch start 1", "step start 1", "backward end 1", "step end 1", "step start 2", "backward end 2", "step end 2",
            "validation start 1", "validation end 1", "epoch end 1",
            "epoch start 2", "step start 3", "backward end 3", "step end 3", "step start 4", "backward end 4", "step end 4",
            "validation start 2", "validation end 2", "epoch end 2",
            "train end", "report",
        }, log);
    }

    [TestMethod]
    public void Stop_InAStep_EndsTheRunAfterItWithTheReason()
    {
        using var training = Blobs.Create(100, seed: 1);
        var options = Blobs.Options with { Callbacks = [new LambdaCallback { OnStepEnd = e => { if (e.Step == 3) e.Run.Stop("Enough."); } }] };
        var last = 0L;
        options = options with { Callbacks = [.. options.Callbacks, new LambdaCallback { OnStepEnd = e => last = e.Step }] };

        using var result = new Trainer(options).Fit(Blobs.Network, Objective.Multiclass(3), training);

        Assert.AreEqual(3, last);
        Assert.AreEqual("Enough.", result.History.StopReason);
    }

    [TestMethod]
    public void Exception_InAHook_ReachesTheCallerAndEveryTrainEnd()
    {
        using var training = Blobs.Create(32, seed: 1);
        Exception? seen = null;
        var options = Blobs.Options with
        {
            Callbacks = [new LambdaCallback { OnStepEnd = _ => throw new InvalidOperationException("mine") }, new LambdaCallback { OnTrainEnd = e => seen = e.Error }],
        };

        var e = Assert.ThrowsExactly<InvalidOperationException>(() => new Trainer(options).Fit(Blobs.Network, Objective.Multiclass(3), training));

        Assert.AreEqual("mine", e.Message);
        Assert.AreSame(e, seen);
    }

    [TestMethod]
    public void Exception_AtTheEnd_HidesNeitherTheFirstOneNorTheEndFromOthers()
    {
        using var training = Blobs.Create(32, seed: 1);
        var told = 0;
        LambdaCallback[] callbacks =
        [
            new() { OnStepEnd = _ => throw new InvalidOperationException("first"), OnTrainEnd = _ => throw new IOException("second") },
            new() { OnTrainEnd = _ => told++ },
        ];

        var e = Assert.ThrowsExactly<InvalidOperationException>(() =>
            new Trainer(Blobs.Options with { Callbacks = callbacks }).Fit(Blobs.Network, Objective.Multiclass(3), training));

        Assert.AreEqual("first", e.Message);
        Assert.AreEqual(1, told);
    }

    [TestMethod]
    public void Report_OfTheFirstCallback_ComesAfterTheEndOfTheLastOneWithItsWarningAndItsError()
    {
        using var training = Blobs.Create(32, seed: 1);
        var log = new List<string>();
        LambdaCallback[] callbacks =
        [
            new() { OnWarning = e => log.Add(e.Message), OnReport = e => log.Add($"report of {e.Error?.Message}") },
            new()
            {
                OnTrainEnd = e =>
                {
                    e.Run.Warn("at the end");
                    throw new IOException("the end");
                },
            },
        ];

        Assert.ThrowsExactly<IOException>(() => new Trainer(Blobs.Options with { Callbacks = callbacks }).Fit(Blobs.Network, Objective.Multiclass(3), training));

        CollectionAssert.AreEqual(new[] { "at the end", "report of the end" }, log);
    }

    [TestMethod]
    public void EarlyStopping_WithoutImprovement_StopsAndRestoresTheBestWeights()
    {
        using var training = Blobs.Create(64, seed: 1);
        using var validation = Blobs.Create(64, seed: 2);
        var losses = new List<double>();
        byte[]? best = null;
        var watch = new LambdaCallback
        {
            OnValidationEnd = e =>
            {
                losses.Add(e.Metrics["validation/loss"].Value);
                if (losses[^1] == losses.Min())
                    best = TrainerTests.Bits(e.Run.Network);
            },
        };
        // A rate so large that the weights jump about: the best epoch isn't the last one.
        var options = Blobs.Options with
        {
            Epochs = 40, Optimizer = new Sgd { LearningRate = 12 }, MaxGradientNorm = 1, Callbacks = [new EarlyStopping("validation/loss") { Patience = 3 }, watch],
        };

        using var result = new Trainer(options).Fit(Blobs.Network, Objective.Multiclass(3), training, validation);

        Assert.AreEqual("validation/loss has not improved for 3 validations.", result.History.StopReason);
        Assert.AreEqual(losses.Count - 4, losses.IndexOf(losses.Min()));
        CollectionAssert.AreEqual(best, TrainerTests.Bits(result.Network));
    }

    [TestMethod]
    public void EarlyStopping_OfAnUnknownMetric_FailsBeforeTheFirstStepWithTheValidOnes()
    {
        using var training = Blobs.Create(64, seed: 1);
        using var validation = Blobs.Create(64, seed: 2);
        var steps = 0;
        var options = Blobs.Options with { Callbacks = [new EarlyStopping("validation/acuracy"), new LambdaCallback { OnStepEnd = _ => steps++ }] };

        var e = Assert.ThrowsExactly<ArgumentException>(() => new Trainer(options).Fit(Blobs.Network, Objective.Multiclass(3), training, validation));

        StringAssert.Contains(e.Message, "There is no metric 'validation/acuracy'; did you mean 'validation/accuracy'? This run has: validation/loss, validation/accuracy.");
        Assert.AreEqual(0, steps);
    }

    [TestMethod]
    public void EarlyStopping_WithoutValidationRows_SaysWhatIsMissing()
    {
        using var training = Blobs.Create(64, seed: 1);

        var e = Assert.ThrowsExactly<ArgumentException>(() =>
            new Trainer(Blobs.Options with { Callbacks = [new EarlyStopping()] }).Fit(Blobs.Network, Objective.Multiclass(3), training));

        StringAssert.Contains(e.Message, "this run has no validation rows");
    }

    [TestMethod]
    public void EarlyStopping_WithAMinimumChange_DoesNotCountSmallerOnes()
    {
        using var training = Blobs.Create(64, seed: 1);
        using var validation = Blobs.Create(64, seed: 2);
        var options = Blobs.Options with { Epochs = 20, Callbacks = [new EarlyStopping("validation/loss") { Patience = 2, MinimumChange = 1000 }] };

        using var result = new Trainer(options).Fit(Blobs.Network, Objective.Multiclass(3), training, validation);

        Assert.HasCount(3, result.History);
    }

    [TestMethod]
    public void MetricValue_OfALoss_IsBestWhenItFalls()
    {
        using var training = Blobs.Create(64, seed: 1);
        using var validation = Blobs.Create(64, seed: 2);
        var losses = new List<MetricValue>();
        var options = Blobs.Options with { Callbacks = [new LambdaCallback { OnValidationEnd = e => losses.Add(e.Metrics["validation/loss"]) }] };

        using var result = new Trainer(options).Fit(Blobs.Network, Objective.Multiclass(3), training, validation);

        Assert.AreEqual(MetricDirection.Falls, losses[0].Direction);
        for (var i = 1; i < losses.Count; i++)
            Assert.AreEqual(losses[i].Value < losses[..i].Min(loss => loss.Value), losses[i].IsBest);
    }
}
