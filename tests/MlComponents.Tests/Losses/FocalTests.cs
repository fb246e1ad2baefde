using System.ComponentModel.DataAnnotations;

namespace MlComponents.Tests.Losses;

[TestClass]
public sealed class FocalTests
{
    [TestMethod]
    public void Forward_OfAKnownProbability_IsWhatAHandComputes()
    {
        using var scope = NewDisposeScope();
        var x = tensor(new[] { Math.Log(3), 0.0 }, 1, 2);   // probabilities ¾ and ¼
        using var softmax = new Focal().Create(2);
        using var binary = new Focal { Mode = FocalMode.Binary, Alpha = 0.25 }.Create(1);
        using var reduced = new Focal { ReducedThreshold = 0.5 }.Create(2);

        TensorAssert.AreClose(0.25 * 0.25 * Math.Log(4.0 / 3), softmax.call(x, tensor(new long[] { 0 })), tolerance: 1e-12);
        TensorAssert.AreClose(0.75 * 0.75 * Math.Log(4), softmax.call(x, tensor(new long[] { 1 })), tolerance: 1e-12);
        TensorAssert.AreClose(0.25 * 0.25 * 0.25 * Math.Log(4.0 / 3), binary.call(x[.., 0], tensor(new[] { true })), tolerance: 1e-12);
        TensorAssert.AreClose(0.75 * 0.75 * 0.75 * Math.Log(4), binary.call(x[.., 0], tensor(new[] { false })), tolerance: 1e-12);
        TensorAssert.AreClose(0.5 * 0.5 * Math.Log(4.0 / 3), reduced.call(x, tensor(new long[] { 0 })), tolerance: 1e-12);
        TensorAssert.AreClose(Math.Log(4), reduced.call(x, tensor(new long[] { 1 })), tolerance: 1e-12);   // below the threshold nothing is taken off
    }

    [TestMethod]
    public void Forward_WithAGammaOfZero_IsCrossEntropy()
    {
        using var scope = NewDisposeScope();
        using var focal = new Focal { Gamma = 0, ClassWeights = [1, 2, 3], IgnoreIndex = 1 }.Create(3);
        using var crossEntropy = new CrossEntropy { ClassWeights = [1, 2, 3], IgnoreIndex = 1 }.Create(3);
        var (x, t) = (randn(4, 3, 5, dtype: ScalarType.Float64), arange(20).remainder(3).view(4, 5));

        TensorAssert.AreClose(crossEntropy.call(x, t), focal.call(x, t), tolerance: 1e-12);
    }

    [TestMethod]
    [DataRow(0.5)]
    [DataRow(1.0)]
    [DataRow(2.0)]
    public void Backward_OfACertainPrediction_IsFinite(double gamma)
    {
        using var scope = NewDisposeScope();
        foreach (var mode in new[] { FocalMode.Multiclass, FocalMode.OneVersusRest })
        {
            using var loss = new Focal { Mode = mode, Gamma = gamma }.Create(2);
            var x = tensor(new[] { 1000f, -1000f }, 1, 2).requires_grad_();

            var value = loss.call(x, zeros(1, ScalarType.Int64));
            value.backward();

            Assert.AreEqual(0, value.item<float>());
            TensorAssert.AreClose(zeros_like(x), x.grad!, tolerance: 0);
        }
    }

    [TestMethod]
    public void Forward_OfLabelsForAnotherMode_SaysWhichThereAre()
    {
        using var scope = NewDisposeScope();
        using var focal = new Focal().Create(2);
        using var dice = new Dice().Create(2);

        var error = Assert.ThrowsExactly<ArgumentException>(() => focal.call(randn(3), ones(3)));
        var region = Assert.ThrowsExactly<ArgumentException>(() => dice.call(randn(3), ones(3)));

        Assert.StartsWith("The labels are Float32; Focal takes class indices, Int64, unless its Mode is Multilabel or Binary.", error.Message);
        Assert.StartsWith("The labels are Float32; Dice takes class indices, Int64, unless its Mode is Multilabel or Binary.", region.Message);
    }

    [TestMethod]
    public void Validate_OfWeightsThatAModeHasNot_SaysWhatToUse()
    {
        var alpha = Assert.ThrowsExactly<ValidationException>(new Focal { Alpha = 0.25 }.Validate);
        var weights = Assert.ThrowsExactly<ValidationException>(new Focal { Mode = FocalMode.Binary, ClassWeights = [1] }.Validate);

        Assert.AreEqual("Focal: Alpha weighs positives against negatives, which a softmax doesn't have: use ClassWeights, or another mode.", alpha.Message);
        Assert.AreEqual("Focal: ClassWeights need classes, which binary mode doesn't have: use Alpha, or another mode.", weights.Message);
    }
}
