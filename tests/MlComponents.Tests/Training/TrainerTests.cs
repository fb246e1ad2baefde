namespace MlComponents.Tests.Training;

[TestClass]
public sealed class TrainerTests
{
    [TestMethod]
    public void Fit_OfSeparableClasses_LearnsThem()
    {
        using var training = Blobs.Create(300, seed: 1);
        using var validation = Blobs.Create(100, seed: 2);

        using var result = new Trainer(Blobs.Options).Fit(Blobs.Network, Objective.Multiclass(Blobs.Classes), training, validation);

        Assert.HasCount(3, result.History);
        Assert.IsGreaterThan(0.95, result.History[2].Metrics["validation/accuracy"]);
        Assert.IsLessThan(result.History[0].Metrics["train/loss"], result.History[2].Metrics["train/loss"]);
        Assert.IsFalse(result.Network.training);
        Assert.IsNull(result.History.StopReason);
    }

    [TestMethod]
    public void Fit_AgainstAPlainLoop_HasTheSameLosses()
    {
        using var scope = NewDisposeScope();
        using var training = Blobs.Create(320, seed: 1);
        var losses = new List<double>();
        var options = Blobs.Options with
        {
            Epochs = 1, Shuffle = false, Optimizer = new Sgd { LearningRate = 0.1, Momentum = 0.9 }, Callbacks = [new LambdaCallback { OnStepEnd = e => losses.Add(e.Loss!.Value) }],
        };

        using var result = new Trainer(options).Fit(Blobs.Network, Objective.Multiclass(Blobs.Classes), training);

        random.manual_seed(1);
        var network = (nn.Module<Tensor, Tensor>)Blobs.Network.Create(NetworkContext.Of([2], Blobs.Classes));
        var optimizer = optim.SGD(network.parameters(), learningRate: 0.1, momentum: 0.9);
        for (var step = 0; step < 20; step++)
        {
            using var batch = training.Gather([.. Enumerable.Range(step * 16, 16).Select(i => (long)i)]);
            optimizer.zero_grad();
            var loss = nn.functional.cross_entropy(network.call(batch.Features), batch.Label);
            loss.backward();
            optimizer.step();
            Assert.AreEqual(loss.item<float>(), losses[step], 1e-5, $"step {step}");
        }
        Assert.HasCount(20, losses);
    }

    [TestMethod]
    public void Fit_TwiceWithOneSeed_GivesTheSameBits()
    {
        using var training = Blobs.Create(100, seed: 1);
        using var validation = Blobs.Create(50, seed: 2);
        var trainer = new Trainer(Blobs.Options);
        var network = new Mlp { Hidden = [8], Dropout = 0.5 };

        using var first = trainer.Fit(network, Objective.Multiclass(Blobs.Classes), training, validation);
        using var second = trainer.Fit(network, Objective.Multiclass(Blobs.Classes), training, validation);

        CollectionAssert.AreEqual(Bits(first.Network), Bits(second.Network));
    }

    [TestMethod]
    public void Fit_WithAnotherSeed_GivesOtherBits()
    {
        using var training = Blobs.Create(100, seed: 1);

        using var first = new Trainer(Blobs.Options).Fit(Blobs.Network, Objective.Multiclass(Blobs.Classes), training);
        using var second = new Trainer(Blobs.Options with { Seed = 2 }).Fit(Blobs.Network, Objective.Multiclass(Blobs.Classes), training);

        CollectionAssert.AreNotEqual(Bits(first.Network), Bits(second.Network));
    }

    [TestMethod]
    public void Fit_WithoutASeed_RecordsOneThatRepeatsTheRun()
    {
        using var training = Blobs.Create(100, seed: 1);

        using var first = new Trainer(Blobs.Options with { Seed = null }).Fit(Blobs.Network, Objective.Multiclass(Blobs.Classes), training);
        using var second = new Trainer(Blobs.Options with { Seed = first.Seed }).Fit(Blobs.Network, Objective.Multiclass(Blobs.Classes), training);

        CollectionAssert.AreEqual(Bits(first.Network), Bits(second.Network));
    }

    [TestMethod]
    public void Fit_LeavesTheGlobalGeneratorAndThreadCountAsTheyWere()
    {
        using var scope = NewDisposeScope();
        using var training = Blobs.Create(100, seed: 1);
        random.manual_seed(7);
        var before = DefaultGenerator.GetState().data<byte>().ToArray();
        var threads = get_num_threads();

        using var result = new Trainer(Blobs.Options).Fit(Blobs.Network, Objective.Multiclass(Blobs.Classes), training);

        CollectionAssert.AreEqual(before, DefaultGenerator.GetState().data<byte>().ToArray());
        Assert.AreEqual(threads, get_num_threads());
    }

    [TestMethod]
    public void Fit_BetweenSteps50And200_LeavesNoTensorBehind()
    {
        using var training = Blobs.Create(320, seed: 1);    // 20 steps an epoch: the first validation and its snapshot come before step 50
        using var validation = Blobs.Create(40, seed: 2);
        var counts = new Dictionary<long, long>();
        var options = Blobs.Options with
        {
            Epochs = 11, MaxGradientNorm = 1, Callbacks = [new EarlyStopping { Patience = 100 }, new LambdaCallback { OnStepEnd = e => counts[e.Step] = Tensor.TotalCount }],
        };
        TensorAssert.LiveCount();

        using var result = new Trainer(options).Fit(Blobs.Network, Objective.Multiclass(Blobs.Classes), training, validation);

        Assert.AreEqual(counts[50], counts[200]);
    }

    [TestMethod]
    public void Fit_InsideAUsersScope_KeepsTheNetworkAfterIt()
    {
        using var training = Blobs.Create(100, seed: 1);
        TrainingResult result;

        using (NewDisposeScope())
            result = new Trainer(Blobs.Options).Fit(Blobs.Network, Objective.Multiclass(Blobs.Classes), training);

        using (result)
            CollectionAssert.AreEqual(new[] { 8L, 2L }, result.Network.state_dict()["layers.linear1.weight"].shape);
    }

    [TestMethod]
    public void Fit_OfAModuleWithTensorsOfItsOwn_KeepsThemAfterAUsersScope()
    {
        using var training = Blobs.Create(100, seed: 1);
        TrainingResult result;

        using (NewDisposeScope())
            result = new Trainer(Blobs.Options with { Epochs = 1 }).Fit(_ => new HandMade(), Objective.Multiclass(Blobs.Classes), training);

        using (result)
        using (NewDisposeScope())
            CollectionAssert.AreEqual(new[] { 4L, 3 }, ((nn.Module<Tensor, Tensor>)result.Network).call(zeros(4, 2)).shape);
    }

    [TestMethod]
    public void Fit_LeavesNoGradientsOnTheNetwork()
    {
        using var training = Blobs.Create(100, seed: 1);

        using var result = new Trainer(Blobs.Options).Fit(Blobs.Network, Objective.Multiclass(Blobs.Classes), training);

        Assert.IsTrue(result.Network.parameters().All(parameter => parameter.grad is null));
    }

    [TestMethod]
    public void Fit_WithAFunctionAsNetwork_BuildsANewOneEveryTime()
    {
        using var training = Blobs.Create(100, seed: 1);
        var built = 0;
        var trainer = new Trainer(Blobs.Options);
        nn.Module Create(NetworkContext context)
        {
            built++;
            return nn.Linear(context.InputSize, context.Outputs);
        }

        using var first = trainer.Fit(Create, Objective.Multiclass(Blobs.Classes), training);
        using var second = trainer.Fit(Create, Objective.Multiclass(Blobs.Classes), training);

        Assert.AreEqual(2, built);
        CollectionAssert.AreEqual(Bits(first.Network), Bits(second.Network));
    }

    [TestMethod]
    public void Fit_OfAFlatVector_ShowsTheNetworkItsOwnShape()
    {
        using var training = new TensorDataset(rand(32, 64), zeros(32, ScalarType.Int64).index_fill(0, tensor(new long[] { 3 }), 1));
        var network = new ConvNet { InputShape = [1, 8, 8], Blocks = [new() { Channels = 2 }], Hidden = 4 };

        using var result = new Trainer(Blobs.Options with { Epochs = 1 }).Fit(network, Objective.Multiclass(2), training);

        CollectionAssert.AreEqual(new[] { 1L, 8, 8 }, result.Context.InputShape);
    }

    [TestMethod]
    public void Fit_WithARaggedLastBatch_SeesEveryRowOnce()
    {
        using var scope = NewDisposeScope();
        using var training = new TensorDataset(arange(35, ScalarType.Float32).view(35, 1), arange(35).remainder(2));
        var rows = new List<int>();
        var options = Blobs.Options with { Epochs = 1, Callbacks = [new LambdaCallback { OnStepEnd = e => rows.Add(e.Rows) }] };
        var network = new Watcher();

        using var result = new Trainer(options).Fit(_ => network, Objective.Multiclass(2), training);

        CollectionAssert.AreEqual(new[] { 16, 16, 3 }, rows);
        CollectionAssert.AreEquivalent(Enumerable.Range(0, 35).Select(i => (float)i).ToList(), network.Seen);
        CollectionAssert.AreNotEqual(Enumerable.Range(0, 35).Select(i => (float)i).ToList(), network.Seen);   // shuffled
    }

    [TestMethod]
    public void Fit_ValidationLoss_IsTheMeanOverAllRowsWhateverTheBatches()
    {
        using var training = Blobs.Create(64, seed: 1);
        using var validation = Blobs.Create(41, seed: 2);
        var options = Blobs.Options with { Epochs = 1, ValidationBatchSize = 16 };

        using var ragged = new Trainer(options).Fit(Blobs.Network, Objective.Multiclass(Blobs.Classes), training, validation);
        using var whole = new Trainer(options with { ValidationBatchSize = 41 }).Fit(Blobs.Network, Objective.Multiclass(Blobs.Classes), training, validation);

        Assert.AreEqual(whole.History[0].Metrics["validation/loss"], ragged.History[0].Metrics["validation/loss"], 1e-6);
        Assert.AreEqual(whole.History[0].Metrics["validation/accuracy"], ragged.History[0].Metrics["validation/accuracy"], 1e-12);
    }

    [TestMethod]
    public void Fit_WithMaxGradientNorm_MovesPlainSgdByAtMostThatTimesTheRate()
    {
        using var scope = NewDisposeScope();
        using var training = Blobs.Create(16, seed: 1);
        var norms = new List<double>();
        var options = Blobs.Options with
        {
            Epochs = 1, MaxGradientNorm = 0.01, Optimizer = new Sgd { LearningRate = 1 }, Callbacks = [new LambdaCallback { OnStepEnd = e => norms.Add(e.GradientNorm!.Value) }],
        };
        random.manual_seed(1);
        var initial = Blobs.Network.Create(NetworkContext.Of([2], Blobs.Classes)).state_dict();

        using var result = new Trainer(options).Fit(Blobs.Network, Objective.Multiclass(Blobs.Classes), training);

        var moved = result.Network.state_dict().Sum(pair => (pair.Value - initial[pair.Key]).square().sum().item<float>());
        Assert.IsGreaterThan(0.01, norms[0]);
        Assert.AreEqual(0.01, Math.Sqrt(moved), 1e-5);
    }

    [TestMethod]
    public void Fit_AsADryRun_TakesOneBatchOfEach()
    {
        using var training = Blobs.Create(100, seed: 1);
        using var validation = Blobs.Create(100, seed: 2);
        var steps = 0;
        var options = Blobs.Options with { Epochs = 50, DryRun = true, Callbacks = [new LambdaCallback { OnStepEnd = _ => steps++ }] };

        using var result = new Trainer(options).Fit(Blobs.Network, Objective.Multiclass(Blobs.Classes), training, validation);

        Assert.AreEqual(1, steps);
        Assert.HasCount(1, result.History);
        Assert.IsTrue(result.History[0].Metrics.ContainsKey("validation/accuracy"));
    }

    [TestMethod]
    public void Fit_WithAnInfiniteLearningRate_StopsWithStepRateAndNorm()
    {
        using var training = Blobs.Create(100, seed: 1);
        var options = Blobs.Options with { Optimizer = new Sgd { LearningRate = 1e30 } };

        var e = Assert.ThrowsExactly<NonFiniteLossException>(() => new Trainer(options).Fit(Blobs.Network, Objective.Multiclass(Blobs.Classes), training));

        Assert.IsGreaterThan(1, e.Step);
        Assert.AreEqual(1e30, e.LearningRate);
        StringAssert.Contains(e.Message, $"step {e.Step} ");
        StringAssert.Contains(e.Message, "learning rate of 1e+30");
        StringAssert.Contains(e.Message, "gradient norm of");
    }

    [TestMethod]
    public void Fit_ReadingTheLossLate_NamesTheSameStepAsReadingItAlways()
    {
        using var training = Blobs.Create(160, seed: 1);
        var options = Blobs.Options with { Optimizer = new Sgd { LearningRate = 1e30 } };

        var always = Assert.ThrowsExactly<NonFiniteLossException>(() => new Trainer(options).Fit(Blobs.Network, Objective.Multiclass(Blobs.Classes), training));
        var late = Assert.ThrowsExactly<NonFiniteLossException>(() => new Trainer(options with { LogEvery = 5 }).Fit(Blobs.Network, Objective.Multiclass(Blobs.Classes), training));

        Assert.AreEqual(always.Step, late.Step);
        StringAssert.Contains(late.Message, $"step {always.Step} is not finite, which was seen at step 5,");
    }

    [TestMethod]
    public void Fit_WhoseLossTurnsBadAfterTheLastReading_StillFails()
    {
        using var training = Blobs.Create(64, seed: 1);
        var options = Blobs.Options with { Epochs = 1, LogEvery = 1000, Optimizer = new Sgd { LearningRate = 1e30 } };

        Assert.ThrowsExactly<NonFiniteLossException>(() => new Trainer(options).Fit(Blobs.Network, Objective.Multiclass(Blobs.Classes), training));
    }

    [TestMethod]
    public void Fit_ReadingTheLossEveryFewSteps_ReportsTheSameEpochLoss()
    {
        using var training = Blobs.Create(100, seed: 1);

        using var every = new Trainer(Blobs.Options).Fit(Blobs.Network, Objective.Multiclass(Blobs.Classes), training);
        using var some = new Trainer(Blobs.Options with { LogEvery = 3 }).Fit(Blobs.Network, Objective.Multiclass(Blobs.Classes), training);

        Assert.AreEqual(every.History[2].Metrics["train/loss"], some.History[2].Metrics["train/loss"], 1e-9);
    }

    internal static byte[] Bits(nn.Module network) =>
        [.. network.state_dict().OrderBy(pair => pair.Key, StringComparer.Ordinal).SelectMany(pair => pair.Value.bytes.ToArray())];

    /// <summary>A user's module with a parameter and buffers made by hand, one of which isn't saved.</summary>
    private sealed class HandMade : nn.Module<Tensor, Tensor>
    {
        private readonly TorchSharp.Modules.Parameter weight = new(zeros(2, 3));

        public HandMade() : base(nameof(HandMade))
        {
            register_buffer("offset", zeros(3));
            register_buffer("scale", ones(3), persistent: false);
            RegisterComponents();
        }

        public override Tensor forward(Tensor x)
        {
            using var scope = NewDisposeScope();
            return (x.matmul(weight) * get_buffer("scale")! + get_buffer("offset")!).MoveToOuterDisposeScope();
        }
    }

    /// <summary>A linear network that notes what it sees in training.</summary>
    private sealed class Watcher : nn.Module<Tensor, Tensor>
    {
        private readonly TorchSharp.Modules.Linear linear = nn.Linear(1, 2);

        public Watcher() : base(nameof(Watcher)) => RegisterComponents();

        public List<float> Seen { get; } = [];

        public override Tensor forward(Tensor x)
        {
            if (training)
                Seen.AddRange(x.data<float>());
            return linear.call(x);
        }
    }
}
