using Microsoft.ML;
using Microsoft.ML.Data;

namespace MlComponents.MLNet.Tests;

/// <summary>The programs of the README, on small data.</summary>
[TestClass]
public sealed class ReadmeTests
{
    [TestMethod]
    public void Pipeline_AsInTheReadme_TrainsEvaluatesSavesAndLoads()
    {
        var folder = Directory.CreateTempSubdirectory();
        try
        {
            var ml = new MLContext(seed: 1);
            var (train, test) = (Rows(ml, 300, seed: 1), Rows(ml, 100, seed: 2));
            var pipeline = ml.Transforms.Conversion.MapValueToKey("Label")
                .Append(ml.MulticlassClassification.Trainers.Torch(new Mlp { Hidden = [512, 256] }, new TorchTrainerOptions
                {
                    Epochs = 5, BatchSize = 128, Optimizer = new AdamW { LearningRate = 2e-3 }, ValidationFraction = 0.1,
                    Callbacks = [new EarlyStopping("validation/loss") { Patience = 2 }],
                }))
                .Append(ml.Transforms.Conversion.MapKeyToValue("PredictedLabel"));
            var file = Path.Combine(folder.FullName, "digits.zip");

            using var model = pipeline.Fit(train);
            var metrics = ml.MulticlassClassification.Evaluate(model.Transform(test));
            ml.Model.Save(model, train.Schema, file);
            ITransformer again = new MLContext().Model.Load(file, out _);

            Assert.IsGreaterThan(0.9, metrics.MicroAccuracy);
            Assert.AreEqual(metrics.LogLoss, ml.MulticlassClassification.Evaluate(again.Transform(test)).LogLoss);
            (again as IDisposable)?.Dispose();
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [TestMethod]
    public void Engine_AsInTheReadme_TrainsWithoutMLNet()
    {
        using var scope = NewDisposeScope();

        var features = randn(1000, 20);
        using var data = new TensorDataset(features, features.sum(1).gt(0).to(ScalarType.Int64));
        var trainer = new Trainer(new TrainerOptions { Epochs = 5, BatchSize = 50, Optimizer = new AdamW { LearningRate = 1e-2 }, Seed = 1 });

        using var result = trainer.Fit(new Mlp { Hidden = [64] }, Objective.Multiclass(classes: 2), training: data, validation: data);

        Assert.HasCount(5, result.History);
        Assert.IsGreaterThan(0.9, result.History[^1].Metrics["validation/accuracy"]);
    }

    [TestMethod]
    public void Function_AsInTheReadme_TrainsAndSaysWhatSavingNeeds()
    {
        var ml = new MLContext(seed: 1);
        var rows = ml.Data.LoadFromEnumerable(Enumerable.Range(0, 64).Select(i => new Line { Features = [i / 64f], Label = i / 32f }));

        using var model = ml.Regression.Trainers.Torch(context => nn.Linear(context.InputSize, context.Outputs), new TorchTrainerOptions()).Fit(rows);

        var e = Assert.Throws<Exception>(() => ml.Model.Save(model, rows.Schema, new MemoryStream()));
        StringAssert.Contains(e.Message, "ComponentRegistry.Default.Add<MyNetwork>");
    }

    [TestMethod]
    public void Network_AsInTheReadme_TakesAnyNormalization()
    {
        var network = new ResNet { Depth = 18, Normalization = new GroupNorm { Groups = 32 } };
        var description = network.Describe([3, 224, 224], outputs: 1000);

        Assert.AreEqual(11_689_512, description.Parameters);
    }

    [TestMethod]
    public void Weights_AsInTheReadme_ComeAndGo()
    {
        var folder = Directory.CreateTempSubdirectory();
        try
        {
            var (theirs, mine) = (Path.Combine(folder.FullName, "resnet18.pth"), Path.Combine(folder.FullName, "mine.pth"));
            using (var full = new ResNet { Depth = 18 }.Create(NetworkContext.Of([3, 224, 224], outputs: 1000)))
                WeightFile.Write(theirs, full.state_dict());

            using var scope = NewDisposeScope();
            var resnet = new ResNet { Depth = 18 }.Create(NetworkContext.Of([3, 224, 224], outputs: 10));
            var report = StateDict.Load(resnet, WeightFile.Read(theirs), new StateDictOptions { Strict = false });
            WeightFile.Write(mine, resnet.state_dict());

            Assert.AreEqual("fc.bias is [1000], but the network has [10]; fc.weight is [1000, 512], but the network has [10, 512]", report.ToString());
            CollectionAssert.AreEquivalent(resnet.state_dict().Keys, WeightFile.Read(mine).Keys);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [TestMethod]
    public void Losses_AsInTheReadme_AreLoggedOneByOne()
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        var loss = new WeightedSum
        {
            Terms = [new() { Term = "cross-entropy", Loss = new OhemCrossEntropy() }, new() { Term = "dice", Loss = new Dice(), Weight = 0.5 }],
            IgnoreIndex = 255,
        };
        using var objective = Objective.Segmentation(classes: 19, loss);
        var labels = randint(0, 19, [4, 8, 8], ScalarType.Int64);
        labels[.., 0] = tensor(255L);
        using var data = new TensorDataset(rand(4, 3, 8, 8), labels);

        using var result = new Trainer(new TrainerOptions { Epochs = 1, BatchSize = 2, Seed = 1 }).Fit(context => nn.Conv2d(3, context.Outputs, 1), objective, data, data);

        var metrics = result.History[^1].Metrics;
        Assert.AreEqual(metrics["validation/loss"], metrics["validation/loss/cross-entropy"] + 0.5 * metrics["validation/loss/dice"], 1e-6);
        Assert.IsTrue(metrics.ContainsKey("train/loss/dice") && metrics.ContainsKey("validation/mean-iou"));
    }

    [TestMethod]
    public void Operations_AsInTheReadme_AreTransforms()
    {
        var ml = new MLContext(seed: 1);
        var rows = ml.Data.LoadFromEnumerable(new[]
        {
            new Prototyped { Features = [1, 3], Prototypes = [1, 0, 2, 0, 1, 0] },
            new Prototyped { Features = [3, 1], Prototypes = [1, 0, 2, 0, 1, 0] },
        });
        var pipeline = ml.Torch.BatchNormalize("Features")
            .Append(ml.Torch.Einsum("Scores", "i,ij->j", "Features", "Prototypes"))
            .Append(ml.Torch.Index("FirstTwo", "..., 0:2", "Scores"))
            .Append(ml.Torch.ArgMax("Best", "Scores"));

        var scored = pipeline.Fit(rows).Transform(rows);

        // Normalized, the rows are (−1, 1) and (1, −1): their scores are (−1, 1, −2) and (1, −1, 2).
        CollectionAssert.AreEqual(new[] { 1L, 2L }, scored.GetColumn<long>("Best").ToArray());
        var first = scored.GetColumn<float[]>("FirstTwo").ToArray();
        Assert.AreEqual(-1, first[0][0], 1e-4);
        Assert.AreEqual(1, first[0][1], 1e-4);
        Assert.HasCount(2, first[1]);
    }

    private static IDataView Rows(MLContext ml, int count, int seed)
    {
        var random = new Random(seed);
        return ml.Data.LoadFromEnumerable(Enumerable.Range(0, count).Select(i => new Row
        {
            Label = i % 3, Features = [.. Enumerable.Range(0, 6).Select(k => (k == i % 3 ? 2f : 0f) + (float)random.NextDouble())],
        }).ToList());
    }

    private sealed class Row
    {
        public int Label { get; set; }

        [VectorType(6)]
        public float[] Features { get; set; } = [];
    }

    private sealed class Prototyped
    {
        [VectorType(2)]
        public float[] Features { get; set; } = [];

        [VectorType(2, 3)]
        public float[] Prototypes { get; set; } = [];
    }

    private sealed class Line
    {
        public float Label { get; set; }

        [VectorType(1)]
        public float[] Features { get; set; } = [];
    }
}
