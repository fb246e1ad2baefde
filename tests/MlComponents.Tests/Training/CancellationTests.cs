namespace MlComponents.Tests.Training;

[TestClass]
public sealed class CancellationTests
{
    [TestMethod]
    public void Cancel_BeforeTheFirstStep_Throws()
    {
        using var training = Blobs.Create(64, seed: 1);
        var options = Blobs.Options with { CancellationToken = new CancellationToken(canceled: true) };

        Assert.Throws<OperationCanceledException>(() => new Trainer(options).Fit(Blobs.Network, Objective.Multiclass(3), training));
    }

    [TestMethod]
    public void Cancel_InTheFirstEpoch_ReturnsTheCurrentWeightsAfterThatStep()
    {
        using var training = Blobs.Create(640, seed: 1);
        using var validation = Blobs.Create(64, seed: 2);
        using var source = new CancellationTokenSource();
        byte[]? atCancel = null;
        var last = 0L;
        var callback = new LambdaCallback
        {
            OnStepEnd = e =>
            {
                last = e.Step;
                if (e.Step == 5)
                {
                    source.Cancel();
                    atCancel = TrainerTests.Bits(e.Run.Network);
                }
            },
        };

        using var result = new Trainer(Blobs.Options with { CancellationToken = source.Token, Callbacks = [callback] }).Fit(Blobs.Network, Objective.Multiclass(3), training, validation);

        Assert.AreEqual(5, last);
        Assert.AreEqual("Cancelled after 5 of 120 steps.", result.History.StopReason);
        CollectionAssert.AreEqual(atCancel, TrainerTests.Bits(result.Network));
    }

    [TestMethod]
    public void Cancel_AfterAValidation_ReturnsTheBestWeightsSoFar()
    {
        using var training = Blobs.Create(64, seed: 1);
        using var validation = Blobs.Create(64, seed: 2);
        using var source = new CancellationTokenSource();
        byte[]? best = null;
        var callback = new LambdaCallback
        {
            OnValidationEnd = e => { if (e.Metrics["validation/loss"].IsBest) best = TrainerTests.Bits(e.Run.Network); },
            OnStepEnd = e => { if (e.Epoch == 8) source.Cancel(); },
        };
        var options = Blobs.Options with { Epochs = 20, Optimizer = new Sgd { LearningRate = 3 }, MaxGradientNorm = 1, CancellationToken = source.Token, Callbacks = [callback] };

        using var result = new Trainer(options).Fit(Blobs.Network, Objective.Multiclass(3), training, validation);

        Assert.HasCount(7, result.History);
        CollectionAssert.AreEqual(best, TrainerTests.Bits(result.Network));
        Assert.IsFalse(result.Network.training);
    }

    [TestMethod]
    public void Cancel_DuringAValidation_RecordsNoPartOfIt()
    {
        using var training = Blobs.Create(64, seed: 1);
        using var validation = Blobs.Create(64, seed: 2);
        using var source = new CancellationTokenSource();
        var callback = new LambdaCallback { OnValidationStart = e => { if (e.Epoch == 2) source.Cancel(); } };

        using var result = new Trainer(Blobs.Options with { CancellationToken = source.Token, Callbacks = [callback] }).Fit(Blobs.Network, Objective.Multiclass(3), training, validation);

        Assert.HasCount(1, result.History);
        Assert.AreEqual("Cancelled after 8 of 12 steps.", result.History.StopReason);
    }
}
