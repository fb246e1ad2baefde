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
    public void Multiclass_OfOneClass_IsRefused() =>
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Objective.Multiclass(1));
}
