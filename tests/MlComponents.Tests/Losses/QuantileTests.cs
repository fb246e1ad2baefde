namespace MlComponents.Tests.Losses;

[TestClass]
public sealed class QuantileTests
{
    [TestMethod]
    public void Forward_AboveAndBelowTheTarget_WeighsByTheQuantile()
    {
        using var scope = NewDisposeScope();
        using var loss = new Quantile { Quantiles = [0.9] }.Create(1);

        TensorAssert.AreClose(0.9 * 2, loss.call(tensor(new[] { 1.0 }), tensor(new[] { 3.0 })), tolerance: 1e-12);
        TensorAssert.AreClose(0.1 * 2, loss.call(tensor(new[] { 3.0 }), tensor(new[] { 1.0 })), tolerance: 1e-12);
    }

    [TestMethod]
    public void Regression_OfSeveralQuantiles_LearnsEach()
    {
        using var scope = NewDisposeScope();
        using var data = new TensorDataset(zeros(100, 1), arange(100, ScalarType.Float32) / 100);   // evenly between 0 and 1
        var options = new TrainerOptions { Epochs = 40, BatchSize = 100, Seed = 1, Device = "cpu", Optimizer = new Sgd { LearningRate = 1 } };

        using var result = new Trainer(options).Fit(new Mlp { Hidden = [] }, Objective.Regression(new Quantile { Quantiles = [0.1, 0.5, 0.9] }), data, data);

        TensorAssert.AreClose(tensor(new[] { 0.1f, 0.5f, 0.9f }), result.Network.state_dict()["layers.output.bias"], tolerance: 0.02);
        Assert.AreEqual(3, result.Context.Outputs);
    }

    [TestMethod]
    public void Create_OfMoreQuantilesThanOutputs_SaysBothNumbers()
    {
        var error = Assert.ThrowsExactly<ArgumentException>(() => new Quantile { Quantiles = [0.1, 0.9] }.Create(1));

        Assert.AreEqual("Quantile has 2 quantiles, but the network returns 1 numbers per example: it must return one per quantile.", error.Message);
    }

    [TestMethod]
    public void Forward_OfAnotherNumberOfQuantiles_SaysWhatItTakes()
    {
        using var scope = NewDisposeScope();
        using var two = new Quantile { Quantiles = [0.1, 0.9] }.Create(2);
        using var one = new Quantile().Create(1);

        var several = Assert.ThrowsExactly<ArgumentException>(() => two.call(randn(4, 3), randn(4)));
        var single = Assert.ThrowsExactly<ArgumentException>(() => one.call(randn(4, 2), randn(4)));

        Assert.AreEqual("The prediction has the shape [4, 3], but the target [4]: Quantile takes predictions [N, 2], one per quantile, and targets [N] or [N, 1].", several.Message);
        Assert.AreEqual(
            "The prediction has the shape [4, 2], but the target [4]: Quantile takes predictions [N, 1], one per quantile, and targets [N] or [N, 1], or both of the same shape.", single.Message);
    }
}
