using MlComponents.Tests.Diagnostics;
using TorchSharp.Modules;

namespace MlComponents.Tests.Training;

/// <summary>Named terms of a loss: of sums, and of auxiliary heads.</summary>
[TestClass]
public sealed class LossTermTests
{
    private static WeightedSum Sum => new()
    {
        Terms =
        [
            new() { Term = "plain", Weight = 0.5, Loss = new CrossEntropy() },
            new() { Term = "some", Weight = 2, Loss = new CrossEntropy { IgnoreIndex = 1, ClassWeights = [1, 2, 3] } },
            new() { Term = "watched", Weight = 0, Loss = new Focal() },
        ],
    };

    [TestMethod]
    [DataRow(1)]
    [DataRow(3)]
    public void Fit_OfAWeightedSum_LogsItsTermsWithoutTheirWeights(int logEvery)
    {
        using var training = Blobs.Create(100, seed: 1);
        using var validation = Blobs.Create(40, seed: 2);

        using var result = new Trainer(Blobs.Options with { LogEvery = logEvery }).Fit(Blobs.Network, Objective.Multiclass(3, Sum), training, validation);

        foreach (var metrics in result.History.Select(row => row.Metrics))
        {
            CollectionAssert.AreEqual(
                new[]
                {
                    "train/loss", "train/loss/plain", "train/loss/some", "train/loss/watched",
                    "validation/loss", "validation/loss/plain", "validation/loss/some", "validation/loss/watched", "validation/accuracy",
                }, metrics.Keys.ToArray());
            foreach (var pass in new[] { "train", "validation" })
            {
                Assert.AreEqual(0.5 * metrics[$"{pass}/loss/plain"] + 2 * metrics[$"{pass}/loss/some"], metrics[$"{pass}/loss"], 1e-6);
                Assert.IsGreaterThan(0, metrics[$"{pass}/loss/watched"]);
            }
        }
    }

    [TestMethod]
    public void Fit_OfAWeightedSum_ValidatesEachTermExactlyWhateverTheBatches()
    {
        using var scope = NewDisposeScope();
        using var training = Blobs.Create(64, seed: 1);
        using var validation = Blobs.Create(41, seed: 2);
        var options = Blobs.Options with { Epochs = 1, ValidationBatchSize = 7 };

        using var result = new Trainer(options).Fit(Blobs.Network, Objective.Multiclass(3, Sum), training, validation);

        var (metrics, rows) = (result.History[0].Metrics, validation.Gather([.. Enumerable.Range(0, 41).Select(i => (long)i)]));
        var scores = ((nn.Module<Tensor, Tensor>)result.Network).call(rows.Features);
        var plain = nn.functional.cross_entropy(scores, rows.Label).item<float>();
        var some = nn.functional.cross_entropy(scores, rows.Label, weight: tensor(new float[] { 1, 2, 3 }), ignore_index: 1).item<float>();
        Assert.AreEqual(plain, metrics["validation/loss/plain"], 1e-6);
        Assert.AreEqual(some, metrics["validation/loss/some"], 1e-6);
        Assert.AreEqual(0.5 * plain + 2 * some, metrics["validation/loss"], 1e-6);
    }

    [TestMethod]
    public void Fit_MinimisingASum_ValidatesTheMean()
    {
        using var scope = NewDisposeScope();
        using var training = Blobs.Create(64, seed: 1);
        using var validation = Blobs.Create(41, seed: 2);
        var options = Blobs.Options with { Epochs = 1, ValidationBatchSize = 16 };

        using var result = new Trainer(options).Fit(Blobs.Network, Objective.Multiclass(3, new CrossEntropy { Reduction = Reduction.Sum }), training, validation);

        var rows = validation.Gather([.. Enumerable.Range(0, 41).Select(i => (long)i)]);
        var mean = nn.functional.cross_entropy(((nn.Module<Tensor, Tensor>)result.Network).call(rows.Features), rows.Label).item<float>();
        Assert.AreEqual(mean, result.History[0].Metrics["validation/loss"], 1e-6);
        Assert.IsGreaterThan(5 * mean, result.History[0].Metrics["train/loss"]);
    }

    [TestMethod]
    public void EarlyStopping_OnATerm_StopsByIt()
    {
        using var training = Blobs.Create(64, seed: 1);
        using var validation = Blobs.Create(64, seed: 2);
        var options = Blobs.Options with { Epochs = 20, Callbacks = [new EarlyStopping("validation/loss/some") { Patience = 2, MinimumChange = 1000 }] };

        using var result = new Trainer(options).Fit(Blobs.Network, Objective.Multiclass(3, Sum), training, validation);

        Assert.AreEqual("validation/loss/some has not improved for 2 validations.", result.History.StopReason);
    }

    [TestMethod]
    public void EarlyStopping_OnAnUnknownTerm_ListsThoseThatThereAre()
    {
        using var training = Blobs.Create(64, seed: 1);
        var options = Blobs.Options with { Callbacks = [new EarlyStopping("validation/loss/plane")] };

        var e = Assert.ThrowsExactly<ArgumentException>(() => new Trainer(options).Fit(Blobs.Network, Objective.Multiclass(3, Sum), training, training));

        Assert.Contains(
            "There is no metric 'validation/loss/plane'; did you mean 'validation/loss/plain'? This run has: validation/loss, validation/loss/plain, validation/loss/some, "
            + "validation/loss/watched, validation/accuracy.", e.Message);
    }

    [TestMethod]
    public void Fit_WithAListener_RecordsTheTerms()
    {
        using var listener = new Listener();
        using var training = Blobs.Create(64, seed: 1);

        using var result = new Trainer(Blobs.Options).Fit(Blobs.Network, Objective.Multiclass(3, Sum), training, training);

        foreach (var name in new[] { "train/loss/plain", "validation/loss/some" })
            CollectionAssert.AreEqual(
                result.History.Select(row => row.Metrics[name]).ToArray(),
                listener.Values("mlcomponents.training.metric", $"mlcomponents.metric.name={name}"));
    }

    [TestMethod]
    [DataRow(1)]
    [DataRow(7)]
    public void Fit_OfAWeightedSumBetweenSteps50And200_LeavesNoTensorBehind(int logEvery)
    {
        using var training = Blobs.Create(320, seed: 1);
        using var validation = Blobs.Create(40, seed: 2);
        var counts = new Dictionary<long, long>();
        var options = Blobs.Options with { Epochs = 11, LogEvery = logEvery, Callbacks = [new LambdaCallback { OnStepEnd = e => counts[e.Step] = Tensor.TotalCount }] };
        TensorAssert.LiveCount();

        using var result = new Trainer(options).Fit(Blobs.Network, Objective.Multiclass(3, Sum), training, validation);

        Assert.AreEqual(counts[50], counts[210]);
    }

    [TestMethod]
    public void Fit_OfTermsThatIgnoreOneLabel_LeavesItOutOfTheDefaultMetricsToo()
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        var labels = randint(0, 2, [4, 3, 3], ScalarType.Int64);
        labels[.., 0] = tensor(255L);
        using var data = new TensorDataset(rand(4, 3, 3, 3), labels);
        var loss = new WeightedSum
        {
            Terms = [new() { Term = "cross-entropy", Loss = new CrossEntropy { IgnoreIndex = 255 } }, new() { Term = "dice", Loss = new Dice { IgnoreIndex = 255 } }],
        };
        using var objective = Objective.Segmentation(classes: 2, loss);

        using var result = new Trainer(new TrainerOptions { Epochs = 1, BatchSize = 2, Seed = 1 }).Fit(context => nn.Conv2d(3, context.Outputs, 1), objective, data, data);

        var counted = result.History[^1].Metrics["validation/pixel-accuracy"] * 24;   // 4 · 2 · 3 pixels count, and 4 · 3 don't
        Assert.AreEqual(Math.Round(counted), counted, 1e-9);
        Assert.IsTrue(double.IsFinite(result.History[^1].Metrics["validation/mean-iou"]));
    }

    [TestMethod]
    [DataRow(1.0)]
    [DataRow(0.4)]
    public void Fit_OfAuxiliaryHeads_TrainsThemAllAndValidatesTheMainOne(double weight)
    {
        using var scope = NewDisposeScope();
        using var training = Blobs.Create(48, seed: 1);
        var options = Blobs.Options with { Epochs = 1, BatchSize = 48, Optimizer = new Sgd { LearningRate = 1 } };
        var network = new Heads { AuxiliaryWeight = weight };
        var (main, auxiliary) = (network.Losses(training)[0], network.Losses(training)[1]);
        var before = network.state_dict().ToDictionary(pair => pair.Key, pair => pair.Value.clone());

        using var result = new Trainer(options).Fit(_ => network, Objective.Multiclass(3), training, training);

        var metrics = result.History[0].Metrics;
        CollectionAssert.AreEqual(
            new[] { "train/loss", "train/loss/main-head", "train/loss/auxiliary-head-1", "validation/loss", "validation/accuracy" }, metrics.Keys.ToArray());
        Assert.AreEqual(main, metrics["train/loss/main-head"], 1e-6);
        Assert.AreEqual(auxiliary, metrics["train/loss/auxiliary-head-1"], 1e-6);
        Assert.AreEqual(main + weight * auxiliary, metrics["train/loss"], 1e-6);
        Assert.AreEqual(network.Losses(training)[0], metrics["validation/loss"], 1e-6);
        foreach (var (key, value) in network.state_dict())
            Assert.IsGreaterThan(0, (value - before[key]).abs().max().item<float>(), key);
    }

    [TestMethod]
    public void Fit_OfAuxiliaryHeadsByAWeightedSum_LogsTheMainHeadsTerms()
    {
        using var training = Blobs.Create(48, seed: 1);

        using var result = new Trainer(Blobs.Options with { Epochs = 1 }).Fit(_ => new Heads(), Objective.Multiclass(3, Sum), training, training);

        var metrics = result.History[0].Metrics;
        Assert.AreEqual(0.5 * metrics["train/loss/plain"] + 2 * metrics["train/loss/some"], metrics["train/loss/main-head"], 1e-6);
        Assert.AreEqual(metrics["train/loss/main-head"] + metrics["train/loss/auxiliary-head-1"], metrics["train/loss"], 1e-6);
        Assert.AreEqual(0.5 * metrics["validation/loss/plain"] + 2 * metrics["validation/loss/some"], metrics["validation/loss"], 1e-6);
    }

    [TestMethod]
    [DataRow("main-head")]
    [DataRow("auxiliary-head-1")]
    public void Fit_OfATermThatIsNamedLikeAHead_SaysToRenameIt(string name)
    {
        using var training = Blobs.Create(48, seed: 1);
        var loss = new WeightedSum { Terms = [new() { Term = name, Loss = new CrossEntropy() }] };

        var error = Assert.ThrowsExactly<ArgumentException>(() => new Trainer(Blobs.Options).Fit(_ => new Heads(), Objective.Multiclass(3, loss), training));

        Assert.AreEqual($"The loss has a term '{name}', but that is what the loss of a head of this network is logged as: give the term another name.", error.Message);
    }

    [TestMethod]
    public void Fit_ByTheDefaultSum_LearnsSeparableClasses()
    {
        using var training = Blobs.Create(300, seed: 1);
        using var validation = Blobs.Create(100, seed: 2);

        using var result = new Trainer(Blobs.Options).Fit(Blobs.Network, Objective.Multiclass(3, new WeightedSum()), training, validation);

        Assert.IsGreaterThan(0.95, result.History[2].Metrics["validation/accuracy"]);
        Assert.IsLessThan(result.History[0].Metrics["validation/loss/dice"], result.History[2].Metrics["validation/loss/dice"]);
    }

    [TestMethod]
    public void Objective_OfALossWithoutReduction_IsRefused()
    {
        var error = Assert.ThrowsExactly<ArgumentException>(() => Objective.Multiclass(3, new Dice { Reduction = Reduction.None }));

        Assert.StartsWith("Dice has Reduction.None, a number per element, but training minimises one number: use Mean or Sum.", error.Message);
    }

    [TestMethod]
    public void Objective_OfALossOutOfRange_IsRefused() =>
        Assert.ThrowsExactly<System.ComponentModel.DataAnnotations.ValidationException>(() => Objective.Regression(new Huber { Delta = 0 }));

    /// <summary>Two heads without a body.</summary>
    private sealed class Heads : nn.Module<Tensor, Tensor>, IAuxiliaryHeads
    {
        private readonly Linear main = nn.Linear(2, 3);
        private readonly Linear auxiliary = nn.Linear(2, 3);

        public Heads() : base(nameof(Heads)) => RegisterComponents();

        public double AuxiliaryWeight { get; init; } = 1;

        public override Tensor forward(Tensor x) => main.call(x);

        IReadOnlyList<Tensor> IAuxiliaryHeads.Heads(Tensor x) => [main.call(x), auxiliary.call(x)];

        /// <summary>The cross-entropy of each head over all rows.</summary>
        public double[] Losses(MapDataset data)
        {
            using var batch = data.Gather([.. Enumerable.Range(0, (int)data.Count).Select(i => (long)i)]);
            return [.. ((IAuxiliaryHeads)this).Heads(batch.Features).Select(scores => (double)nn.functional.cross_entropy(scores, batch.Label).item<float>())];
        }
    }
}
