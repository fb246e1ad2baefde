namespace MlComponents.Tests.Losses;

[TestClass]
public sealed class ElementwiseLossTests
{
    [TestMethod]
    public void Forward_OfAColumnAgainstAVector_IsAnErrorAndNoBroadcast()
    {
        using var scope = NewDisposeScope();
        using var loss = new MeanSquaredError().Create(1);

        var error = Assert.ThrowsExactly<ArgumentException>(() => loss.call(randn(4, 1), randn(4)));

        Assert.AreEqual("The prediction has the shape [4, 1], but the target [4]: they must be the same.", error.Message);
    }

    [TestMethod]
    public void MeanSquaredError_WithWeights_IsWhatAHandComputes()
    {
        using var scope = NewDisposeScope();
        using var loss = new MeanSquaredError().Create(1);

        var value = loss.call(tensor(new[] { 1f, 2f, 5f }), tensor(new[] { 0f, 4f, 5f }), tensor(new[] { 3f, 1f, 4f }));

        TensorAssert.AreClose((3 * 1 + 1 * 4 + 4 * 0) / 8.0, value, tolerance: 1e-6);
    }

    [TestMethod]
    public void Huber_OnBothSidesOfDelta_IsAParabolaAndALine()
    {
        using var scope = NewDisposeScope();
        using var loss = new Huber { Delta = 2 }.Create(1);

        TensorAssert.AreClose(0.5, loss.call(tensor(new[] { 1.0 }), tensor(new[] { 0.0 })), tolerance: 1e-12);             // ½·1²
        TensorAssert.AreClose(2 * (5 - 1.0), loss.call(tensor(new[] { -5.0 }), tensor(new[] { 0.0 })), tolerance: 1e-12);   // δ·(|x| − ½δ)
    }

    [TestMethod]
    public void BinaryCrossEntropy_OfLabelsAsBool_WeighsThePositiveOnes()
    {
        using var scope = NewDisposeScope();
        using var loss = new BinaryCrossEntropy { PositiveWeight = 3 }.Create(1);

        var value = loss.call(zeros(2, ScalarType.Float64), tensor(new[] { true, false }));

        TensorAssert.AreClose((3 + 1) * Math.Log(2) / 2, value, tolerance: 1e-12);
    }

    [TestMethod]
    public void BinaryCrossEntropy_OfHugeLogits_StaysFinite()
    {
        using var scope = NewDisposeScope();
        using var loss = new BinaryCrossEntropy().Create(1);

        TensorAssert.AreClose(1e4, loss.call(tensor(new[] { 1e4f }), zeros(1)), tolerance: 1e-6);
        TensorAssert.AreClose(0, loss.call(tensor(new[] { -1e4f }), zeros(1)), tolerance: 1e-6);
    }
}
