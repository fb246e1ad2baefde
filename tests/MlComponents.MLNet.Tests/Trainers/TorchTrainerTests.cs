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
}
