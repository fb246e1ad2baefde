using System.ComponentModel.DataAnnotations;

namespace MlComponents.Tests.Training;

[TestClass]
public sealed class TrainerInputTests
{
    [TestMethod]
    public void Fit_WithValidationRowsOfAnotherShape_SaysSoBeforeTheFirstStep()
    {
        using var training = Blobs.Create(100, seed: 1);
        using var validation = new TensorDataset(zeros(10, 3), zeros(10, ScalarType.Int64));

        var e = Assert.ThrowsExactly<ArgumentException>(() => new Trainer(Blobs.Options).Fit(Blobs.Network, Objective.Multiclass(Blobs.Classes), training, validation));

        StringAssert.Contains(e.Message, "One 'features' of the training rows has the shape [2], but of the validation rows [3].");
    }

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public void Fit_MonitoringAnUnknownMetric_FailsBeforeTheFirstStep(bool validates)
    {
        using var training = Blobs.Create(100, seed: 1);

        var e = Assert.ThrowsExactly<ArgumentException>(() =>
            new Trainer(Blobs.Options with { Monitor = "validation/acuracy" }).Fit(Blobs.Network, Objective.Multiclass(3), training, validates ? training : null));

        StringAssert.Contains(e.Message, "'validation/acuracy'");
    }

    [TestMethod]
    public void Fit_WithoutRows_SaysSo()
    {
        using var training = new TensorDataset(zeros(0, 2), zeros(0, ScalarType.Int64));

        var e = Assert.ThrowsExactly<ArgumentException>(() => new Trainer(Blobs.Options).Fit(Blobs.Network, Objective.Multiclass(3), training));

        StringAssert.Contains(e.Message, "There are no training rows.");
    }

    [TestMethod]
    public void Fit_WithABatchLargerThanTheData_SaysWhichSizeFits()
    {
        using var training = Blobs.Create(10, seed: 1);

        var e = Assert.ThrowsExactly<ArgumentException>(() => new Trainer(Blobs.Options).Fit(Blobs.Network, Objective.Multiclass(3), training));

        StringAssert.Contains(e.Message, "BatchSize is 16, but there are only 10 training rows");
    }

    [TestMethod]
    public void Fit_WithAShapeThatDoesNotFit_NamesBothShapes()
    {
        using var training = Blobs.Create(32, seed: 1);

        var e = Assert.ThrowsExactly<ArgumentException>(() =>
            new Trainer(Blobs.Options).Fit(new ConvNet { InputShape = [1, 28, 28] }, Objective.Multiclass(3), training));

        StringAssert.Contains(e.Message, "takes examples of shape [1, 28, 28], but the data has [2]");
    }

    [TestMethod]
    public void Fit_OfANetworkWithTheWrongNumberOfOutputs_SaysWhatIsNeeded()
    {
        using var training = Blobs.Create(32, seed: 1);

        var e = Assert.ThrowsExactly<InvalidOperationException>(() =>
            new Trainer(Blobs.Options).Fit(context => nn.Linear(context.InputSize, 5), Objective.Multiclass(3), training));

        StringAssert.Contains(e.Message, "returned [16, 5] for 16 examples; this task needs [16, 3]");
    }

    [TestMethod]
    public void Fit_OfANetworkWithoutParameters_SaysWhatWasForgotten()
    {
        using var training = Blobs.Create(32, seed: 1);

        var e = Assert.ThrowsExactly<ArgumentException>(() => new Trainer(Blobs.Options).Fit(_ => nn.ReLU(), Objective.Multiclass(3), training));

        StringAssert.Contains(e.Message, "RegisterComponents()");
    }

    [TestMethod]
    public void Constructor_WithSeveralBadOptions_ListsThemAll()
    {
        var e = Assert.ThrowsExactly<ValidationException>(() =>
            new Trainer(new TrainerOptions { BatchSize = 0, Epochs = -1, Optimizer = new Sgd { LearningRate = double.NaN }, MaxGradientNorm = 0 }));

        StringAssert.Contains(e.Message, "TrainerOptions.BatchSize is 0; allowed is at least 1 and at most 1048576.");
        StringAssert.Contains(e.Message, "TrainerOptions.Epochs is -1; allowed is at least 1.");
        StringAssert.Contains(e.Message, "TrainerOptions.Optimizer.LearningRate is NaN; allowed is above 0 and finite.");
        StringAssert.Contains(e.Message, "TrainerOptions.MaxGradientNorm is 0; allowed is above 0 and finite.");
    }

    [TestMethod]
    [DataRow("gpu", "There is no device 'gpu'; allowed are auto, cpu, cuda and cuda:N.")]
    [DataRow("cuda:x", "There is no device 'cuda:x'")]
    public void Fit_OnAnUnknownDevice_ListsTheKnownOnes(string device, string expected)
    {
        using var training = Blobs.Create(32, seed: 1);

        var e = Assert.ThrowsExactly<ArgumentException>(() => new Trainer(Blobs.Options with { Device = device }).Fit(Blobs.Network, Objective.Multiclass(3), training));

        StringAssert.Contains(e.Message, expected);
    }
}
