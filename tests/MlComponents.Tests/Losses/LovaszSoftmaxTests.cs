namespace MlComponents.Tests.Losses;

[TestClass]
public sealed class LovaszSoftmaxTests
{
    [TestMethod]
    public void Forward_OfWholePixels_IsTheMeanJaccardLossOfTheClassesThere()
    {
        using var scope = NewDisposeScope();
        using var loss = new LovaszSoftmax().Create(4);
        var target = tensor(new long[] { 0, 0, 0, 1, 1, 2 }, 1, 6);
        var predicted = tensor(new long[] { 0, 0, 1, 1, 2, 2 }, 1, 6);

        var value = loss.call(Certain(predicted, 4), target);

        TensorAssert.AreClose((1.0 / 3 + 2.0 / 3 + 1.0 / 2) / 3, value, tolerance: 1e-9);   // IoU 2/3, 1/3 and 1/2; class 3 isn't there
    }

    [TestMethod]
    public void Forward_PerImage_IsTheWeightedMeanOfTheImages()
    {
        using var scope = NewDisposeScope();
        using var loss = new LovaszSoftmax { PerImage = true, IgnoreIndex = 255 }.Create(2);
        var target = tensor(new long[] { 0, 1, 0, 0, 255, 255 }, 3, 2);
        var predicted = tensor(new long[] { 0, 0, 1, 0, 0, 0 }, 3, 2);

        var value = loss.call(Certain(predicted, 2), target, tensor(new[] { 1.0, 3, 10 }));

        TensorAssert.AreClose((1 * (1 / 2.0 + 1) / 2 + 3 * (1 / 2.0)) / 4, value, tolerance: 1e-9);   // nothing of the third image counts
    }

    /// <summary>Scores of which a softmax makes 0 and 1.</summary>
    private static Tensor Certain(Tensor labels, int classes) => 100 * nn.functional.one_hot(labels, classes).permute(0, 2, 1).to(ScalarType.Float64);
}
