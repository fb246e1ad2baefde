using System.ComponentModel.DataAnnotations;

namespace MlComponents.Tests.Losses;

[TestClass]
public sealed class RegionLossTests
{
    [TestMethod]
    public void Forward_OfASmallRegionInALargeImage_IsAsExactAsFloat32Allows()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(1);
        using var loss = new Dice { Mode = LabelMode.Binary, LogLoss = true }.Create(1);
        var x = randn(1, 1024, 1024, generator: generator);
        var t = zeros_like(x);
        t[0, 5, 7] = tensor(1f);

        var actual = loss.call(x, t).item<float>();

        var o = x[0, 5, 7].to(ScalarType.Float64).sigmoid();
        var expected = -(o / ((x.to(ScalarType.Float64).sigmoid().sum() + 1) / 2)).log();
        Assert.AreEqual(expected.item<double>(), actual, 1e-5 * expected.item<double>());
    }

    [TestMethod]
    public void Dice_OfHalfAnOverlap_IsWhatAHandComputes()
    {
        using var scope = NewDisposeScope();
        using var dice = new Dice { Mode = LabelMode.Binary, FromLogits = false }.Create(1);
        using var jaccard = new Jaccard { Mode = LabelMode.Binary, FromLogits = false }.Create(1);
        using var tversky = new Tversky { Mode = LabelMode.Binary, FromLogits = false, Alpha = 0.25, Beta = 0.75 }.Create(1);
        var (o, t) = (tensor(new[] { 1.0, 1, 0, 0 }, 1, 4), tensor(new[] { 1L, 0, 1, 1 }, 1, 4));   // I = 1, O = 2, T = 3

        TensorAssert.AreClose(1 - 2 * 1 / 5.0, dice.call(o, t), tolerance: 1e-12);
        TensorAssert.AreClose(1 - 1 / 4.0, jaccard.call(o, t), tolerance: 1e-12);
        TensorAssert.AreClose(1 - 1 / (1 + 0.25 * 1 + 0.75 * 2), tversky.call(o, t), tolerance: 1e-12);
    }

    [TestMethod]
    public void Dice_OfSoftTargets_OverlapsByTheSmaller()
    {
        using var scope = NewDisposeScope();
        using var loss = new Dice { Mode = LabelMode.Binary, FromLogits = false }.Create(1);

        var value = loss.call(tensor(new[] { 0.25, 0.75 }), tensor(new[] { 0.5, 0.5 }));

        TensorAssert.AreClose(1 - 2 * 0.75 / 2, value, tolerance: 1e-12);   // Σ min = ¼ + ½
    }

    [TestMethod]
    public void Dice_OfClassesThatTheBatchHasNot_CountsThemAsPerfect()
    {
        using var scope = NewDisposeScope();
        using var loss = new Dice { FromLogits = false }.Create(4);
        using var each = new Dice { FromLogits = false, Reduction = Reduction.None }.Create(4);
        var o = full([1, 4, 2], 0.25, ScalarType.Float64);

        var value = loss.call(o, tensor(new long[] { 1, 1 }, 1, 2));

        TensorAssert.AreClose(tensor(new[] { 0, 1 - 2 * 0.5 / 2.5, 0, 0 }), each.call(o, tensor(new long[] { 1, 1 }, 1, 2)), tolerance: 1e-12);
        TensorAssert.AreClose((1 - 2 * 0.5 / 2.5) / 4, value, tolerance: 1e-12);
    }

    [TestMethod]
    public void Forward_OfAPerfectPrediction_IsZero()
    {
        using var scope = NewDisposeScope();
        var target = tensor(new long[] { 0, 1, 2, 0 }, 1, 4);
        var x = 50 * nn.functional.one_hot(target, 3).permute(0, 2, 1).to(ScalarType.Float64);
        foreach (var definition in new LossDefinition[] { new Dice(), new Jaccard(), new Tversky { Gamma = 0.75 }, new Dice { LogLoss = true }, new LovaszSoftmax() })
        {
            using var loss = definition.Create(3);

            TensorAssert.AreClose(0, loss.call(x, target), tolerance: 1e-9);
        }
    }

    [TestMethod]
    public void Tversky_WithEqualWeights_IsDiceAndWithOnesJaccard()
    {
        using var scope = NewDisposeScope();
        var (x, t) = (randn(2, 3, 5, dtype: ScalarType.Float64), arange(10).remainder(3).view(2, 5));
        using var dice = new Dice { Smoothing = 1 }.Create(3);
        using var jaccard = new Jaccard { Smoothing = 1 }.Create(3);
        using var half = new Tversky { Smoothing = 1 }.Create(3);
        using var one = new Tversky { Smoothing = 1, Alpha = 1, Beta = 1 }.Create(3);

        TensorAssert.AreClose(dice.call(x, t), half.call(x, t), tolerance: 1e-12);
        TensorAssert.AreClose(jaccard.call(x, t), one.call(x, t), tolerance: 1e-12);
    }

    [TestMethod]
    public void Forward_OfALabelOutOfRange_NamesIt()
    {
        using var scope = NewDisposeScope();
        foreach (var definition in new LossDefinition[] { new Dice(), new LovaszSoftmax(), new Focal { Mode = FocalMode.OneVersusRest }, new Focal() })
        {
            using var loss = definition.Create(3);

            var error = Assert.ThrowsExactly<ArgumentException>(() => loss.call(randn(1, 3, 2), tensor(new long[] { 0, 3 }, 1, 2)));

            Assert.AreEqual("The label 3 is out of range: with 3 classes a label is at least 0 and at most 2. (Parameter 'target')", error.Message);
        }
    }

    [TestMethod]
    public void Create_OfAClassThatIsNot_NamesIt()
    {
        var unknown = Assert.ThrowsExactly<ArgumentException>(() => new Jaccard { Classes = [0, 3] }.Create(3));
        var weights = Assert.ThrowsExactly<ArgumentException>(() => new Dice { Classes = [0, 1], ClassWeights = [1, 2, 3] }.Create(3));

        Assert.AreEqual("Jaccard is to count class 3, but there are 3 classes: the largest is 2.", unknown.Message);
        Assert.AreEqual("Dice has 3 class weights, but there are 2 classes: give one weight per class, in key order.", weights.Message);
    }

    [TestMethod]
    public void Validate_OfClassesInBinaryMode_SaysWhatToDo()
    {
        var error = Assert.ThrowsExactly<ValidationException>(new Tversky { Mode = LabelMode.Binary, ClassWeights = [1] }.Validate);

        Assert.AreEqual("Tversky: Classes and ClassWeights need classes, which binary mode doesn't have: use another mode.", error.Message);
    }

    [TestMethod]
    public void Forward_OfSeveralLabelsWithoutClasses_SaysWhatItTakes()
    {
        using var scope = NewDisposeScope();
        using var loss = new Dice { Mode = LabelMode.Multilabel }.Create(3);

        var error = Assert.ThrowsExactly<ArgumentException>(() => loss.call(randn(3), zeros(3)));

        Assert.StartsWith("The prediction has the shape [3], but with several labels Dice takes predictions and targets [N, C, ...].", error.Message);
    }
}
