namespace MlComponents.Tests.Training.Averaging;

[TestClass]
public sealed class AveragedRunTests
{
    private static readonly Mlp Network = new() { Hidden = [8], Normalization = new BatchNorm(), Dropout = 0.2 };

    private static readonly StochasticWeightAveraging Swa = new() { StartFraction = 0.5, EverySteps = 3 };

    public static IEnumerable<object[]> Averages => [[new ExponentialMovingAverage { Decay = 0.9 }], [Swa]];

    [TestMethod]
    [DynamicData(nameof(Averages))]
    public void Fit_WithAnAverage_LearnsAsWithoutAndEndsWithOtherWeights(WeightAverageDefinition average)
    {
        using var with = Fit(Options with { Average = average });
        using var without = Fit(Options);

        CollectionAssert.AreNotEqual(TrainerTests.Bits(without.Network), TrainerTests.Bits(with.Network));
        for (var epoch = 0; epoch < 4; epoch++)
            foreach (var metric in new[] { "train/loss", "validation/loss", "validation/accuracy" })
                Assert.AreEqual(without.History[epoch].Metrics[metric], with.History[epoch].Metrics[metric], $"{metric} of epoch {epoch}");
    }

    [TestMethod]
    [DynamicData(nameof(Averages))]
    public void Fit_WithAnAverage_ValidatesWhatItEndsWith(WeightAverageDefinition average)
    {
        using var validation = Blobs.Create(90, seed: 2);
        using var result = Fit(Options with { Average = average });
        using var scope = NewDisposeScope();
        using var batch = validation.Gather([.. Enumerable.Range(0, 90).Select(i => (long)i)]);

        var loss = nn.functional.cross_entropy(((nn.Module<Tensor, Tensor>)result.Network).call(batch.Features), batch.Label).item<float>();

        var metrics = result.History[^1].Metrics;
        Assert.AreEqual(loss, metrics[$"validation/{average.MetricPrefix}/loss"], 1e-6);
        Assert.AreNotEqual(metrics["validation/loss"], metrics[$"validation/{average.MetricPrefix}/loss"]);
        Assert.IsTrue(metrics.ContainsKey($"validation/{average.MetricPrefix}/accuracy"));
    }

    [TestMethod]
    public void Fit_WithEma_EndsWithTheAverageOfTheSteps()
    {
        using var scope = NewDisposeScope();
        const string Name = "layers.output.bias";
        Tensor? expected = null;
        var updates = 0;
        var watch = new LambdaCallback
        {
            OnStepEnd = e =>
            {
                var weights = e.Run.Network.state_dict()[Name].detach().clone();
                var decay = Math.Min(0.9, (1.0 + updates) / (10 + updates));
                expected = updates++ == 0 ? weights : decay * expected! + (1 - decay) * weights;
                expected.DetachFromDisposeScope();
            },
        };

        using var result = Fit(Options with { Average = new ExponentialMovingAverage { Decay = 0.9 }, Callbacks = [watch] });

        TensorAssert.AreClose(expected!, result.Network.state_dict()[Name], 1e-5);
        expected!.Dispose();
    }

    [TestMethod]
    [DataRow(40, 0.5, new[] { 20, 30, 40 })]
    [DataRow(40, 0.6, new[] { 30, 40 })]
    [DataRow(35, 0.9, new[] { 35 })]   // without the end of an epoch it takes the last step
    public void Fit_WithSwa_EndsWithTheMeanOfTheEpochsEnds(int steps, double start, int[] moments)
    {
        using var scope = NewDisposeScope();
        const string Name = "layers.output.bias";
        var taken = new List<Tensor>();
        var watch = new LambdaCallback
        {
            OnStepEnd = e =>
            {
                if (moments.Contains((int)e.Step))
                    taken.Add(e.Run.Network.state_dict()[Name].detach().clone().DetachFromDisposeScope());
            },
        };

        using var result = Fit(Options with { MaxSteps = steps, Average = new StochasticWeightAveraging { StartFraction = start }, Callbacks = [watch] });

        TensorAssert.AreClose(stack(taken).mean([0]), result.Network.state_dict()[Name], 1e-6);
        taken.ForEach(tensor => tensor.Dispose());
    }

    [TestMethod]
    public void Fit_WithEmaEverySoManySteps_TakesThoseSteps()
    {
        using var scope = NewDisposeScope();
        const string Name = "layers.output.bias";
        Tensor? last = null;
        var watch = new LambdaCallback
        {
            OnStepEnd = e =>
            {
                if (e.Step == 15)
                    last = e.Run.Network.state_dict()[Name].detach().clone().DetachFromDisposeScope();
            },
        };

        using var result = Fit(Options with { MaxSteps = 20, Average = new ExponentialMovingAverage { UpdateEvery = 15 }, Callbacks = [watch] });

        TensorAssert.AreClose(last!, result.Network.state_dict()[Name], 1e-6);   // the first update is the weights
        last!.Dispose();
    }

    [TestMethod]
    public void Fit_WithSwa_EndsWithTheStatisticsOfTheAveragedWeights()
    {
        using var training = Blobs.Create(160, seed: 1);
        using var result = Fit(Options with { Average = Swa, Shuffle = false });
        using var scope = NewDisposeScope();
        using var all = training.Gather([.. Enumerable.Range(0, 160).Select(i => (long)i)]);

        var state = result.Network.state_dict();
        var hidden = nn.functional.linear(all.Features, state["layers.linear1.weight"]);   // [160, 8]

        TensorAssert.AreClose(hidden.mean([0]), state["layers.norm1.running_mean"], 1e-5);
        Assert.AreEqual(10, state["layers.norm1.num_batches_tracked"].item<long>());
    }

    [TestMethod]
    public void Fit_WithSwa_HasTheMetricsOfTheWeightsUntilItStarts()
    {
        using var result = Fit(Options with { Average = Swa with { StartFraction = 0.6 } });

        Assert.AreEqual(result.History[1].Metrics["validation/loss"], result.History[1].Metrics["validation/swa/loss"]);
        Assert.AreNotEqual(result.History[2].Metrics["validation/loss"], result.History[2].Metrics["validation/swa/loss"]);
    }

    [TestMethod]
    public void Fit_WithSwasLearningRate_TakesItInPlaceOfTheSchedulesAfterTheStart()
    {
        using var result = Fit(Options with { Schedule = new Cosine(), Average = Swa with { LearningRateFactor = 0.5 } });
        using var without = Fit(Options with { Schedule = new Cosine(), Average = Swa });

        Assert.AreEqual(0.005, result.History[2].LearningRate, 1e-12);
        Assert.AreEqual(0.005, result.History[3].LearningRate, 1e-12);
        Assert.AreEqual(without.History[1].LearningRate, result.History[1].LearningRate);
        Assert.IsLessThan(0.001, without.History[3].LearningRate);
    }

    [TestMethod]
    public void Fit_StoppedByItsAverage_RestoresTheBestAverage()
    {
        byte[]? best = null;
        var watch = new LambdaCallback
        {
            OnValidationEnd = e =>
            {
                Assert.AreEqual(MetricDirection.Rises, e.Run.DirectionOf("validation/ema/accuracy"));
                if (e.Metrics["validation/ema/loss"].IsBest)
                    e.Run.Averaging!.WithAverage(() => best = TrainerTests.Bits(e.Run.Network));
            },
        };
        var options = Options with
        {
            Epochs = 30, Optimizer = new Sgd { LearningRate = 3 }, MaxGradientNorm = 1, Average = new ExponentialMovingAverage { Decay = 0.9 },
            Callbacks = [new EarlyStopping("validation/ema/loss") { Patience = 2 }, watch],
        };

        using var result = Fit(options);

        Assert.StartsWith("validation/ema/loss has not improved", result.History.StopReason);
        CollectionAssert.AreEqual(best, TrainerTests.Bits(result.Network));
    }

    [TestMethod]
    public void Fit_OfAnUnknownAveragedMetric_ListsTheKnownOnes()
    {
        var options = Options with { Average = Swa, Callbacks = [new EarlyStopping("validation/ema/loss")] };

        var error = Assert.ThrowsExactly<ArgumentException>(() => Fit(options).Dispose());

        StringAssert.Contains(error.Message, "This run has: validation/loss, validation/accuracy, validation/swa/loss, validation/swa/accuracy.");
    }

    [TestMethod]
    public void Fit_EndedBeforeTheAverageBegan_WarnsAndKeepsTheWeights()
    {
        var warnings = new List<string>();
        var stop = new LambdaCallback { OnStepEnd = e => e.Run.Stop("Enough."), OnWarning = e => warnings.Add(e.Message) };

        using var with = Fit(Options with { Average = Swa, Callbacks = [stop] });
        using var without = Fit(Options with { Callbacks = [stop] });

        Assert.AreEqual("The run ended after 1 of 40 steps, before its average 'swa' began: the network has its last weights.", warnings.Single());
        CollectionAssert.AreEqual(TrainerTests.Bits(without.Network), TrainerTests.Bits(with.Network));
    }

    [TestMethod]
    public void Cancel_WithAnAverage_ReturnsTheAverageBeforeTheFirstValidation()
    {
        using var source = new CancellationTokenSource();
        byte[]? average = null;
        var watch = new LambdaCallback
        {
            OnStepEnd = e =>
            {
                if (e.Step != 5)
                    return;
                source.Cancel();
                e.Run.Averaging!.WithAverage(() => average = TrainerTests.Bits(e.Run.Network));
            },
        };

        using var result = Fit(Options with { Average = new ExponentialMovingAverage(), CancellationToken = source.Token, Callbacks = [watch] });

        CollectionAssert.AreEqual(average, TrainerTests.Bits(result.Network));
    }

    [TestMethod]
    public void Validate_OfOptions_RefusesAnEpochAfterTheLast()
    {
        var options = Options with { Average = new StochasticWeightAveraging { StartEpoch = 5 } };

        var error = Assert.ThrowsExactly<System.ComponentModel.DataAnnotations.ValidationException>(options.Validate);

        StringAssert.Contains(error.Message, "Average.StartEpoch is 5, but the run has 4 epochs: it must be at most 4.");
        (options with { MaxSteps = 100 }).Validate();
    }

    private static TrainerOptions Options => Blobs.Options with { Epochs = 4 };

    /// <summary>A run of 10 steps an epoch.</summary>
    private static TrainingResult Fit(TrainerOptions options)
    {
        using var training = Blobs.Create(160, seed: 1);
        using var validation = Blobs.Create(90, seed: 2);
        return new Trainer(options).Fit(Network, Objective.Multiclass(Blobs.Classes), training, validation);
    }
}
