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

    private sealed class Line
    {
        public float Label { get; set; }

        [VectorType(1)]
        public float[] Features { get; set; } = [];
    }
}
