namespace MlComponents.MLNet.Tests.Trainers;

[TestClass]
public sealed class FinderTests
{
    private readonly MLContext ml = new(seed: 1);

    [TestMethod]
    public void FindLearningRate_OfATrainer_IsThatOfItsRowsAndOptions()
    {
        var trainer = ml.MulticlassClassification.Trainers.Torch(Blobs.Network, Blobs.Options with { ValidationFraction = 0.2, MetricsCallback = _ => Assert.Fail("a search is no run") });

        var curve = trainer.FindLearningRate(Blobs.Keyed(ml), new LearningRateFinder { Lowest = 1e-5, Steps = 50 });
        var again = trainer.FindLearningRate(Blobs.Keyed(ml), new LearningRateFinder { Lowest = 1e-5, Steps = 50 });

        Assert.IsInRange(1e-4, 1.0, curve.Suggestion);
        CollectionAssert.AreEqual(curve.Points.ToArray(), again.Points.ToArray());
    }

    [TestMethod]
    public void FindLearningRate_OfRegressionAndBinaryClassification_HasACurve()
    {
        var regression = ml.Regression.Trainers.Torch(Blobs.Network, Blobs.Options with { LabelColumnName = "Sum" });
        var binary = ml.BinaryClassification.Trainers.Torch(Blobs.Network, Blobs.Options with { LabelColumnName = "IsRed" });

        Assert.IsGreaterThanOrEqualTo(20, regression.FindLearningRate(Blobs.View(ml)).Points.Count);
        Assert.IsGreaterThanOrEqualTo(20, binary.FindLearningRate(Blobs.View(ml)).Points.Count);
    }

    [TestMethod]
    public void FindLearningRate_ThenFit_IsTheSameModelAsWithoutASearch()
    {
        var trainer = ml.MulticlassClassification.Trainers.Torch(Blobs.Network, Blobs.Options with { Epochs = 1 });
        using var before = trainer.Fit(Blobs.Keyed(ml));

        trainer.FindLearningRate(Blobs.Keyed(ml));
        using var after = trainer.Fit(Blobs.Keyed(ml));

        Assert.AreEqual(before.Model.History![0].Metrics["train/loss"], after.Model.History![0].Metrics["train/loss"]);
    }

    [TestMethod]
    public void FindBatchSize_OfATrainer_EndsWithItsRows()
    {
        var trainer = ml.MulticlassClassification.Trainers.Torch(Blobs.Network, Blobs.Options with { ValidationFraction = 0.5 });

        var trials = trainer.FindBatchSize(Blobs.Keyed(ml, rows: 120), new BatchSizeFinder { StepsPerSize = 2 });

        CollectionAssert.AreEqual(new[] { 8, 16, 32 }, trials.Trials.Select(trial => trial.BatchSize).ToArray());   // 60 rows are left to learn from
    }

    [TestMethod]
    public void FindLearningRate_OfAnInvalidRow_IsTheErrorOfFit()
    {
        var trainer = ml.MulticlassClassification.Trainers.Torch(Blobs.Network, Blobs.Options);
        var one = ml.Data.FilterRowsByKeyColumnFraction(Blobs.Keyed(ml), "Label", upperBound: 0.3);

        Assert.Contains("have the same label", Assert.ThrowsExactly<InvalidDataException>(() => trainer.FindLearningRate(one)).Message);
    }
}
