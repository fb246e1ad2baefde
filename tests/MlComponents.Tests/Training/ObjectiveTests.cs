using System.ComponentModel.DataAnnotations;

namespace MlComponents.Tests.Training;

[TestClass]
public sealed class ObjectiveTests
{
    [TestMethod]
    public void Binary_OnSeparableRows_LearnsThem()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(1);
        var x = randn(200, 2, generator: generator);
        using var data = new TensorDataset(x, x.select(1, 0).gt(0).to(ScalarType.Float32));

        using var result = new Trainer(Blobs.Options with { Epochs = 10 }).Fit(Blobs.Network, Objective.Binary(), data, data);

        Assert.IsGreaterThan(0.95, result.History[^1].Metrics["validation/accuracy"]);
    }

    [TestMethod]
    public void Regression_OnALine_FindsIt()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(1);
        var x = randn(200, 1, generator: generator);
        using var data = new TensorDataset(x, (3 * x + 1).squeeze(1));

        using var result = new Trainer(Blobs.Options with { Epochs = 40, Optimizer = new Sgd { LearningRate = 0.1 } }).Fit(new Mlp { Hidden = [] }, Objective.Regression(), data, data);

        Assert.AreEqual(3, result.Network.state_dict()["layers.output.weight"].item<float>(), 1e-3);
        Assert.AreEqual(1, result.Network.state_dict()["layers.output.bias"].item<float>(), 1e-3);
        Assert.IsLessThan(1e-2, result.History[^1].Metrics["validation/mae"]);
    }

    [TestMethod]
    public void Multiclass_OfRowsThatWeighNothing_LearnsOnlyTheOthers()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(1);
        var x = randn(200, 2, generator: generator);
        var right = x.select(1, 0).gt(0).to(ScalarType.Int64);
        var wrong = 1 - right;
        var weight = arange(200).remainder(2).to(ScalarType.Float32);                       // every second row counts
        using var training = new TensorDataset(x, where(weight.gt(0), right, wrong), weight);
        using var validation = new TensorDataset(x.clone(), right);

        using var result = new Trainer(Blobs.Options with { Epochs = 10 }).Fit(Blobs.Network, Objective.Multiclass(2), training, validation);

        Assert.IsGreaterThan(0.95, result.History[^1].Metrics["validation/accuracy"]);
    }

    [TestMethod]
    public void Segmentation_OfImagesWithUnlabelledPixels_LearnsTheOthers()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(1);
        var x = randn([40, 1, 6, 5], generator: generator);
        var label = x.squeeze(1).gt(0).to(ScalarType.Int64);                                // [N, H, W]
        label = label.masked_fill(rand([40, 6, 5], generator: generator).lt(0.3), 255);
        using var data = new TensorDataset(x, label);
        var options = Blobs.Options with { Epochs = 20, BatchSize = 8, ValidationBatchSize = 7, Optimizer = new AdamW { LearningRate = 0.1 } };

        using var result = new Trainer(options).Fit(context => nn.Conv2d(1, context.Outputs, 1), Objective.Segmentation(2, ignoreIndex: 255), data, data);

        var metrics = result.History[^1].Metrics;
        CollectionAssert.AreEquivalent(new[] { "train/loss", "validation/loss", "validation/pixel-accuracy", "validation/mean-iou" }, metrics.Keys.ToArray());
        Assert.IsGreaterThan(0.95, metrics["validation/pixel-accuracy"]);
        Assert.IsGreaterThan(0.9, metrics["validation/mean-iou"]);
    }

    [TestMethod]
    public void Segmentation_WithALossAndAnIgnoredLabel_LeavesItOutOfTheLoss()
    {
        using var scope = NewDisposeScope();
        using var network = nn.Conv2d(1, 2, 1);
        using var batch = new Batch(new Dictionary<string, Tensor> { [Batch.FeaturesName] = randn(2, 1, 1, 2), [Batch.LabelName] = tensor(new long[] { 0, 255, 1, 7 }).view(2, 1, 2) });

        using var without = Objective.Segmentation(2, new OhemCrossEntropy { IgnoreIndex = 7 }, ignoreIndex: 255);
        using var with = Objective.Segmentation(8, new OhemCrossEntropy(), ignoreIndex: 255);

        Assert.ThrowsExactly<ArgumentException>(() => without.Step(network, batch), "a loss keeps its own");
        Assert.AreEqual(3, with.Normalizer(batch).item<double>());
    }

    [TestMethod]
    public void Multiclass_WithMetrics_MeasuresThoseAndRemembersTheirBest()
    {
        using var training = Blobs.Create(100, seed: 1);
        using var validation = Blobs.Create(41, seed: 2);
        using var objective = Objective.Multiclass(3, metrics: [new F1(), new TopKAccuracy { K = 2 }, new RocAuc()]);

        using var result = new Trainer(Blobs.Options with { Callbacks = [new EarlyStopping("validation/macro-f1")] }).Fit(Blobs.Network, objective, training, validation);

        CollectionAssert.AreEqual(
            new[] { "train/loss", "validation/loss", "validation/macro-f1", "validation/top-2-accuracy", "validation/roc-auc" }, result.History[^1].Metrics.Keys.ToArray());
        Assert.IsGreaterThan(0.9, result.History[^1].Metrics["validation/roc-auc"]);
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void Objectives_WithoutMetrics_LeaveOutWhatTheLossIgnores(bool isSegmentation)
    {
        using var scope = NewDisposeScope();
        var loss = new CrossEntropy { IgnoreIndex = 9 };
        using var objective = isSegmentation ? Objective.Segmentation(2, loss) : Objective.Multiclass(2, loss);

        foreach (var metric in objective.CreateMetrics())
            using (metric)
            {
                metric.Update(tensor(new[] { 1f, 0f, 1f, 0f }, 2, 2), tensor(new long[] { 0, 9 }), null);
                Assert.AreEqual(1, metric.Compute(), metric.Name);
            }
    }

    [TestMethod]
    public void Regression_WithoutMetrics_LeavesOutWhatTheLossIgnores()
    {
        using var scope = NewDisposeScope();
        using var objective = Objective.Regression(new MeanSquaredError { IgnoreIndex = -1 });

        foreach (var metric in objective.CreateMetrics())
            using (metric)
            {
                metric.Update(tensor(new[] { 5f, 7f }), tensor(new[] { 3f, -1f }), null);
                Assert.AreEqual(2, metric.Compute(), metric.Name);
            }
    }

    [TestMethod]
    public void Binary_WithoutMetrics_LeavesOutWhatTheLossIgnores()
    {
        using var scope = NewDisposeScope();
        using var objective = Objective.Binary(new BinaryCrossEntropy { IgnoreIndex = -1 });
        using var metric = objective.CreateMetrics().Single();

        metric.Update(tensor(new[] { 1f, 1f }), tensor(new[] { 1f, -1f }), null);

        Assert.AreEqual(1, metric.Compute());
    }

    [TestMethod]
    [DataRow(new long[] { 4 }, new long[] { 1, 3, 3 }, "The network returned [4, 1, 3, 3] for labels [4]; this task needs one number per label.")]
    [DataRow(new long[] { 4, 6, 6 }, new long[] { 1, 3, 3 }, "The network returned [4, 1, 3, 3] for labels [4, 6, 6]; this task needs one number per label.")]
    [DataRow(new long[] { 4, 3, 2 }, new long[] { 1, 2, 3 }, "The network returned [4, 1, 2, 3] for labels [4, 3, 2]; this task needs one number per label.")]
    [DataRow(new long[] { 4, 2 }, new long[] { 1 }, "The network returned [4, 1] for labels [4, 2]; this task needs one number per label.")]
    public void Step_OfOneOutputInAnotherShapeThanTheLabels_NamesBoth(long[] label, long[] row, string message)
    {
        using var scope = NewDisposeScope();
        using var network = nn.Identity();
        using var objective = Objective.Binary();
        using var batch = new Batch(new Dictionary<string, Tensor> { [Batch.FeaturesName] = randn([4, .. row]), [Batch.LabelName] = ones(label) });

        var error = Assert.ThrowsExactly<InvalidOperationException>(() => objective.Step(network, batch));

        Assert.AreEqual(message, error.Message);
    }

    [TestMethod]
    public void Objectives_WithoutMetrics_HaveTheTasksOwn()
    {
        CollectionAssert.AreEqual(new[] { "accuracy" }, Names(Objective.Multiclass(3)));
        CollectionAssert.AreEqual(new[] { "accuracy" }, Names(Objective.Binary()));
        CollectionAssert.AreEqual(new[] { "mae", "rmse" }, Names(Objective.Regression()));
        CollectionAssert.AreEqual(new[] { "pixel-accuracy", "mean-iou" }, Names(Objective.Segmentation(3)));
        CollectionAssert.AreEqual(new[] { "roc-auc", "f1" }, Names(Objective.Binary(metrics: [new RocAuc(), new F1()])));
        CollectionAssert.AreEqual(new[] { "r2" }, Names(Objective.Regression(metrics: [new R2()])));
        Assert.IsEmpty(Names(Objective.Multiclass(3, metrics: [])));
    }

    [TestMethod]
    public void Fit_WithTwoMetricsOfOneName_FailsBeforeTheFirstStep()
    {
        using var training = Blobs.Create(100, seed: 1);
        using var objective = Objective.Multiclass(3, metrics: [new Accuracy(), new F1(), new Accuracy { IgnoreIndex = 1 }]);

        var e = Assert.ThrowsExactly<ArgumentException>(() => new Trainer(Blobs.Options).Fit(Never, objective, training, training));

        Assert.AreEqual("There are two metrics of the name 'validation/accuracy': a history has one value of each name, so leave one of them out.", e.Message);
    }

    [TestMethod]
    public void Fit_WithAMetricThatDoesntFit_FailsBeforeTheFirstStep()
    {
        using var training = Blobs.Create(100, seed: 1);
        using var objective = Objective.Multiclass(3, metrics: [new TopKAccuracy()]);

        Assert.ThrowsExactly<ArgumentException>(() => new Trainer(Blobs.Options).Fit(Never, objective, training, training));
        Assert.ThrowsExactly<ValidationException>(() => Objective.Multiclass(3, metrics: [new TopKAccuracy { K = 0 }]));
    }

    [TestMethod]
    public void Binary_ByALossOfProbabilities_IsRefused()
    {
        var entropy = new BinaryCrossEntropy { FromLogits = false };

        var error = Assert.ThrowsExactly<ArgumentException>(() => Objective.Binary(entropy));

        Assert.StartsWith(
            "BinaryCrossEntropy takes probabilities, FromLogits = false, but the network of this task returns a logit, which is yes above 0: "
            + "leave FromLogits true, and the sigmoid out of the network.", error.Message);
        Assert.ThrowsExactly<ArgumentException>(() => Objective.Binary(new Dice { Mode = LabelMode.Binary, FromLogits = false }));
        Assert.ThrowsExactly<ArgumentException>(() => Objective.Binary(new WeightedSum { Terms = [new() { Term = "entropy", Loss = entropy }] }));
        Objective.Regression(entropy).Dispose();
    }

    [TestMethod]
    public void Multiclass_OfOneClass_IsRefused() =>
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Objective.Multiclass(1));

    private static nn.Module Never(NetworkContext context) => throw new AssertFailedException("the network was built");

    private static string[] Names(Objective objective)
    {
        using (objective)
            return [.. objective.CreateMetrics().Select(metric =>
            {
                using (metric)
                    return metric.Name;
            })];
    }
}
