using System.ComponentModel.DataAnnotations;

namespace MlComponents.MLNet.Tests.Trainers;

[TestClass]
public sealed class TorchTrainerTests
{
    private readonly MLContext ml = new(seed: 1);

    [TestMethod]
    public void Fit_OfThreeClasses_LearnsThem()
    {
        using var model = ml.MulticlassClassification.Trainers.Torch(Blobs.Network, Blobs.Options).Fit(Blobs.Keyed(ml));

        var metrics = ml.MulticlassClassification.Evaluate(model.Transform(Blobs.Keyed(ml, seed: 2)));

        Assert.IsGreaterThan(0.95, metrics.MicroAccuracy);
    }

    [TestMethod]
    public void Fit_OfYesAndNo_LearnsIt()
    {
        using var model = ml.BinaryClassification.Trainers.Torch(Blobs.Network, Blobs.Options with { LabelColumnName = "IsRed" }).Fit(Blobs.View(ml));

        var metrics = ml.BinaryClassification.Evaluate(model.Transform(Blobs.View(ml, seed: 2)), "IsRed");

        Assert.IsGreaterThan(0.95, metrics.Accuracy);
        Assert.IsGreaterThan(0.95, metrics.AreaUnderRocCurve);
    }

    [TestMethod]
    public void Fit_OfANumber_LearnsIt()
    {
        var options = Blobs.Options with { LabelColumnName = "Sum", Epochs = 40 };
        using var model = ml.Regression.Trainers.Torch(Blobs.Network, options).Fit(Blobs.View(ml));

        var metrics = ml.Regression.Evaluate(model.Transform(Blobs.View(ml, seed: 2)), "Sum");

        Assert.IsLessThan(0.25, metrics.RootMeanSquaredError);
    }

    [TestMethod]
    public void Fit_InAPipeline_GivesLabelsBack()
    {
        var model = Blobs.Pipeline(ml).Fit(Blobs.View(ml));

        var scored = model.Transform(Blobs.View(ml, seed: 2));

        CollectionAssert.AreEqual(BlobRow.Create(120, seed: 2).Select(row => row.Label).ToArray(), scored.GetColumn<string>("PredictedLabel").ToArray());
    }

    [TestMethod]
    public void Torch_InAllThreeForms_Trains()
    {
        var trainers = ml.MulticlassClassification.Trainers;
        TorchTrainer[] forms =
        [
            trainers.Torch(Blobs.Network, "Label", "Features", "Weight", epochs: 1, batchSize: 8),
            trainers.Torch(Blobs.Network, Blobs.Options),
            trainers.Torch(context => nn.Linear(context.InputSize, context.Outputs), Blobs.Options),
        ];

        foreach (var form in forms)
        {
            using var model = form.Fit(Blobs.Keyed(ml));
            Assert.AreEqual(3, model.Model.Context.Outputs);
        }
    }

    [TestMethod]
    public void Fit_Twice_GivesTheSameBits()
    {
        var trainer = new MLContext().MulticlassClassification.Trainers.Torch(Blobs.Network, Blobs.Options with { Seed = null });

        using var first = trainer.Fit(Blobs.Keyed(ml));
        using var second = trainer.Fit(Blobs.Keyed(ml));

        CollectionAssert.AreEqual(ScoreText.Of(first.Transform(Blobs.Keyed(ml))).ToArray(), ScoreText.Of(second.Transform(Blobs.Keyed(ml))).ToArray());
        Assert.AreEqual(first.Model.Seed, second.Model.Seed);
    }

    [TestMethod]
    public void Fit_WithoutASeed_TakesTheContexts()
    {
        int SeedOf(int seed)
        {
            var context = new MLContext(seed);
            using var model = context.MulticlassClassification.Trainers.Torch(Blobs.Network, Blobs.Options with { Seed = null, Epochs = 1 }).Fit(Blobs.Keyed(context));
            return model.Model.Seed;
        }

        Assert.AreEqual(SeedOf(5), SeedOf(5));
        Assert.AreNotEqual(SeedOf(5), SeedOf(6));
    }

    [TestMethod]
    public void Fit_OverTwentySteps_HasTheLossesOfAPlainLoop()
    {
        var losses = new List<double>();
        var rows = BlobRow.Create(80);
        var options = Blobs.Options with
        {
            Epochs = 1, BatchSize = 4, Shuffle = false, Optimizer = new Sgd { LearningRate = 0.1 }, ExampleWeightColumnName = "Weight",
            Callbacks = [new LambdaCallback { OnStepEnd = e => losses.Add(e.Loss!.Value) }],
        };

        ml.MulticlassClassification.Trainers.Torch(Blobs.Network, options).Fit(Blobs.Keyed(ml, rows: 80)).Dispose();

        var expected = PlainLosses(rows, seed: 1, learningRate: 0.1, batchSize: 4);
        Assert.HasCount(20, losses);
        for (var i = 0; i < 20; i++)
            Assert.AreEqual(expected[i], losses[i], 1e-5);
    }

    [TestMethod]
    public void Fit_AtSteps50And200_HoldsAsManyTensors()
    {
        var counts = new Dictionary<long, long>();
        var options = Blobs.Options with
        {
            Epochs = 40, BatchSize = 20, Callbacks = [new LambdaCallback { OnStepEnd = e => counts[e.Step] = Tensor.TotalCount }],
        };
        TensorAssert.LiveCount();   // what earlier tests left goes now, not between the two steps

        ml.MulticlassClassification.Trainers.Torch(Blobs.Network, options).Fit(Blobs.Keyed(ml)).Dispose();

        Assert.AreEqual(counts[50], counts[200]);
    }

    [TestMethod]
    public void Fit_WithWeights_LearnsFromTheWeightedRows()
    {
        var rows = BlobRow.Create(120);
        foreach (var row in rows)
        {
            row.Weight = row.IsRed ? 0 : 1;
            row.IsRed = row.Label != "green";
        }
        var options = Blobs.Options with { LabelColumnName = "IsRed", ExampleWeightColumnName = "Weight" };

        using var weighted = ml.BinaryClassification.Trainers.Torch(Blobs.Network, options).Fit(ml.Data.LoadFromEnumerable(rows));
        using var plain = ml.BinaryClassification.Trainers.Torch(Blobs.Network, options with { ExampleWeightColumnName = null }).Fit(ml.Data.LoadFromEnumerable(rows));

        CollectionAssert.AreNotEqual(
            ScoreText.Of(plain.Transform(Blobs.View(ml))).ToArray(), ScoreText.Of(weighted.Transform(Blobs.View(ml))).ToArray());
    }

    [TestMethod]
    public void Fit_WithAValidationFraction_MeasuresOnThatShare()
    {
        var counts = (Training: 0L, Validation: 0L);
        var options = Blobs.Options with
        {
            ValidationFraction = 0.2, Callbacks = [new LambdaCallback { OnTrainStart = e => counts = (e.Run.TrainingRows, e.Run.ValidationRows) }],
        };

        using var model = ml.MulticlassClassification.Trainers.Torch(Blobs.Network, options).Fit(Blobs.Keyed(ml));

        Assert.AreEqual((96L, 24L), counts);
        Assert.IsGreaterThan(0.9, model.Model.History[^1].Metrics["validation/accuracy"]);
    }

    [TestMethod]
    public void Fit_WithAValidationSet_AgreesWithMLNetsEvaluator()
    {
        var validation = Blobs.Keyed(ml, rows: 90, seed: 3);

        using var model = ml.MulticlassClassification.Trainers.Torch(Blobs.Network, Blobs.Options with { ValidationSet = validation, Epochs = 2 }).Fit(Blobs.Keyed(ml));

        var metrics = ml.MulticlassClassification.Evaluate(model.Transform(validation));
        Assert.AreEqual(metrics.MicroAccuracy, model.Model.History[^1].Metrics["validation/accuracy"], 1e-9);
        Assert.AreEqual(metrics.LogLoss, model.Model.History[^1].Metrics["validation/loss"], 1e-5);
    }

    [TestMethod]
    public void Fit_WithMetrics_AgreesWithMLNetsEvaluators()
    {
        var rows = Blobs.Keyed(ml);
        var validation = Blobs.Keyed(ml, rows: 90, seed: 3);
        var options = Blobs.Options with { ValidationSet = validation, Epochs = 2 };
        using var multiclass = ml.MulticlassClassification.Trainers.Torch(
            Blobs.Network, options with { Metrics = [new TopKAccuracy { K = 2 }, new Recall(), new Precision { Class = 1 }] }).Fit(rows);
        using var binary = ml.BinaryClassification.Trainers.Torch(
            Blobs.Network, options with { LabelColumnName = "IsRed", Metrics = [new RocAuc(), new F1(), new Precision(), new Recall()] }).Fit(rows);
        using var regression = ml.Regression.Trainers.Torch(
            Blobs.Network, options with { LabelColumnName = "Sum", Metrics = [new R2(), new MeanError(), new MeanError { Power = 2, TakesRoot = false }] }).Fit(rows);

        var classes = ml.MulticlassClassification.Evaluate(multiclass.Transform(validation), topKPredictionCount: 2);
        var answers = ml.BinaryClassification.Evaluate(binary.Transform(validation), "IsRed");
        var numbers = ml.Regression.Evaluate(regression.Transform(validation), "Sum");

        AreEqual(multiclass, ("top-2-accuracy", classes.TopKAccuracy), ("macro-recall", classes.MacroAccuracy), ("class-1-precision", classes.ConfusionMatrix.PerClassPrecision[1]));
        AreEqual(binary, ("roc-auc", answers.AreaUnderRocCurve), ("f1", answers.F1Score), ("precision", answers.PositivePrecision), ("recall", answers.PositiveRecall));
        AreEqual(regression, ("r2", numbers.RSquared), ("mae", numbers.MeanAbsoluteError), ("mse", numbers.MeanSquaredError));

        static void AreEqual(TorchTransformer model, params (string Name, double Value)[] expected)
        {
            var metrics = model.Model.History[^1].Metrics;
            CollectionAssert.AreEqual(expected.Select(each => $"validation/{each.Name}").ToArray(), metrics.Keys.Skip(2).ToArray());   // after both losses
            foreach (var (name, value) in expected)
                Assert.AreEqual(value, metrics[$"validation/{name}"], 1e-6, name);
        }
    }

    [TestMethod]
    public void Torch_WithAMetricOutOfItsRange_IsRefused() =>
        Assert.ThrowsExactly<ValidationException>(() => ml.Regression.Trainers.Torch(Blobs.Network, Blobs.Options with { Metrics = [new MeanError { Power = 0 }] }));

    [TestMethod]
    public void Torch_WithContradictoryOptions_RefusesAllTogether()
    {
        var both = Blobs.Options with { ValidationSet = Blobs.Keyed(ml), ValidationFraction = 0.5, TimeLimit = TimeSpan.Zero };

        var e = Assert.ThrowsExactly<ValidationException>(() => ml.MulticlassClassification.Trainers.Torch(Blobs.Network, both));

        StringAssert.Contains(e.Message, "There are a ValidationSet and a ValidationFraction of 0.5; give one of them, not both.");
        StringAssert.Contains(e.Message, "TimeLimit is 00:00:00");
    }

    [TestMethod]
    public void Fit_WithoutValidationRows_RefusesWhatNeedsThem()
    {
        var trainer = ml.MulticlassClassification.Trainers.Torch(Blobs.Network, Blobs.Options with { ValidateEvery = 3 });

        var e = Assert.ThrowsExactly<ArgumentException>(() => trainer.Fit(Blobs.Keyed(ml)));

        StringAssert.StartsWith(e.Message, "ValidateEvery 3 can't be without validation rows: give some, or leave it out.");
    }

    [TestMethod]
    public void Fit_WhenCancelled_GivesTheModelSoFar()
    {
        using var source = new CancellationTokenSource();
        var options = Blobs.Options with { CancellationToken = source.Token, MetricsCallback = row => { if (row.Epoch == 2) source.Cancel(); } };

        using var model = ml.MulticlassClassification.Trainers.Torch(Blobs.Network, options).Fit(Blobs.Keyed(ml));

        Assert.HasCount(2, model.Model.History);
        StringAssert.Contains(model.Model.History.StopReason, "Cancelled after 16 of 120 steps", StringComparison.Ordinal);
    }

    [TestMethod]
    public void Fit_CancelledBeforeItBegins_Throws()
    {
        var options = Blobs.Options with { CancellationToken = new CancellationToken(canceled: true) };

        Assert.ThrowsExactly<OperationCanceledException>(() => ml.MulticlassClassification.Trainers.Torch(Blobs.Network, options).Fit(Blobs.Keyed(ml)));
    }

    [TestMethod]
    public void Fit_TellsTheLogAndTheCallbackOfEveryEpoch()
    {
        var messages = new List<string>();
        var epochs = new List<int>();
        ml.Log += (_, e) => messages.Add(e.Message);

        ml.MulticlassClassification.Trainers.Torch(Blobs.Network, Blobs.Options with { Epochs = 3, MetricsCallback = row => epochs.Add(row.Epoch) }).Fit(Blobs.Keyed(ml)).Dispose();

        CollectionAssert.AreEqual(new[] { 1, 2, 3 }, epochs);
        for (var epoch = 1; epoch <= 3; epoch++)
            Assert.IsTrue(messages.Exists(message => message.Contains($"Epoch {epoch} of 3: train/loss", StringComparison.Ordinal)));
    }

    [TestMethod]
    public void Fit_OfImagesAsFlatVectors_ViewsThemAsTheNetworksInput()
    {
        var shape = Array.Empty<long>();
        var network = new SeenShape(x => shape = x.shape) { InputShape = [1, 2, 2] };

        using var model = ml.MulticlassClassification.Trainers.Torch(network, Blobs.Options with { Epochs = 1 }).Fit(Blobs.Keyed(ml));
        _ = ScoreText.Of(model.Transform(Blobs.Keyed(ml, rows: 3))).Count();

        CollectionAssert.AreEqual(new long[] { 3, 1, 2, 2 }, shape);
    }

    private static List<double> PlainLosses(List<BlobRow> rows, int seed, double learningRate, int batchSize)
    {
        using var scope = NewDisposeScope();
        random.manual_seed(seed);
        var network = (nn.Module<Tensor, Tensor>)Blobs.Network.Create(NetworkContext.Of([4], 3));
        var optimizer = optim.SGD(network.parameters(), learningRate);
        string[] names = ["red", "green", "blue"];
        var losses = new List<double>();
        foreach (var batch in rows.Chunk(batchSize))
        {
            var x = tensor(batch.SelectMany(row => row.Features).ToArray()).view(batch.Length, 4);
            var t = tensor(batch.Select(row => (long)names.IndexOf(row.Label)).ToArray());
            var w = tensor(batch.Select(row => row.Weight).ToArray());
            optimizer.zero_grad();
            var loss = (nn.functional.cross_entropy(network.call(x), t, reduction: nn.Reduction.None) * w).sum() / w.sum();
            loss.backward();
            optimizer.step();
            losses.Add(loss.item<float>());
        }
        return losses;
    }

    private sealed record SeenShape(Action<Tensor> Seen) : NetworkDefinition
    {
        public override nn.Module Create(NetworkContext context) => new Module(this, context);

        private sealed class Module : nn.Module<Tensor, Tensor>
        {
            private readonly SeenShape definition;
            private readonly TorchSharp.Modules.Linear linear;

            public Module(SeenShape definition, NetworkContext context) : base(nameof(SeenShape))
            {
                this.definition = definition;
                linear = nn.Linear(context.InputSize, context.Outputs);
                RegisterComponents();
            }

            public override Tensor forward(Tensor x)
            {
                definition.Seen(x);
                return linear.call(x.flatten(1));
            }
        }
    }
}
