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

    [TestMethod]
    public void BinaryCrossEntropy_OfProbabilities_IsThatOfTheirLogits()
    {
        using var scope = NewDisposeScope();
        using var ofLogits = new BinaryCrossEntropy { PositiveWeight = 3, LabelSmoothing = 0.1 }.Create(1);
        using var ofProbabilities = new BinaryCrossEntropy { PositiveWeight = 3, LabelSmoothing = 0.1, FromLogits = false }.Create(1);
        var (x, t) = (randn(4, 5, dtype: ScalarType.Float64), rand(4, 5, dtype: ScalarType.Float64));

        TensorAssert.AreClose(ofLogits.call(x, t), ofProbabilities.call(x.sigmoid(), t), tolerance: 1e-12);
    }

    [TestMethod]
    [DataRow(1.0)]
    [DataRow(3.0)]
    public void BinaryCrossEntropy_OfProbabilitiesOfZeroAndOne_StaysFinite(double positiveWeight)
    {
        using var scope = NewDisposeScope();
        using var loss = new BinaryCrossEntropy { FromLogits = false, PositiveWeight = positiveWeight }.Create(1);
        var x = tensor(new[] { 0.0, 1.0, 0.0, 1.0 }).requires_grad_();

        var value = loss.call(x, tensor(new[] { 0.0, 1.0, 1.0, 0.0 }));
        value.backward();

        TensorAssert.AreClose(100 * (positiveWeight + 1) / 4, value, tolerance: 1e-12);   // logarithms end at −100
        Assert.IsTrue(x.grad!.isfinite().all().item<bool>());
    }

    [TestMethod]
    [DataRow(1.5, "The prediction 1.5 is no probability: with FromLogits = false predictions are at least 0 and at most 1; leave FromLogits true for logits. (Parameter 'x')")]
    [DataRow(double.NaN, "The prediction NaN is no probability: with FromLogits = false predictions are at least 0 and at most 1; leave FromLogits true for logits. (Parameter 'x')")]
    public void BinaryCrossEntropy_OfLogitsAsProbabilities_NamesOne(double x, string message)
    {
        using var scope = NewDisposeScope();
        using var loss = new BinaryCrossEntropy { FromLogits = false }.Create(1);

        var error = Assert.ThrowsExactly<ArgumentException>(() => loss.call(tensor(new[] { 0.5, x }), zeros(2)));

        Assert.AreEqual(message, error.Message);
    }

    [TestMethod]
    public void MeanAbsoluteError_AtItsKink_HasNoGradient()
    {
        using var scope = NewDisposeScope();
        using var loss = new MeanAbsoluteError().Create(1);
        var x = tensor(new[] { 1.0, 3.0 }).requires_grad_();

        loss.call(x, tensor(new[] { 1.0, 2.0 })).backward();

        TensorAssert.AreClose(tensor(new[] { 0, 0.5 }), x.grad!, tolerance: 0);
    }
}
