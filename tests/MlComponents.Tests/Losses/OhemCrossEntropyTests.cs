namespace MlComponents.Tests.Losses;

[TestClass]
public sealed class OhemCrossEntropyTests
{
    [TestMethod]
    public void Forward_OfTwoEasyAndTwoHardPixels_IsTheMeanOfTheHardOnes()
    {
        using var scope = NewDisposeScope();
        using var loss = new OhemCrossEntropy().Create(2);

        var value = loss.call(Scores(0.9, 0.8, 0.6, 0.5), zeros([1, 4], ScalarType.Int64));

        TensorAssert.AreClose((-Math.Log(0.6) - Math.Log(0.5)) / 2, value, tolerance: 1e-12);
    }

    [TestMethod]
    public void Forward_OfEasyPixelsOnly_IsTheMeanOfTheSixteenthThatIsHardest()
    {
        using var scope = NewDisposeScope();
        using var loss = new OhemCrossEntropy().Create(2);
        double[] p = [.. Enumerable.Range(0, 160).Select(i => 0.75 + 0.001 * (i * 37 % 160))];   // in no order

        var value = loss.call(Scores(p), zeros([1, 160], ScalarType.Int64));

        TensorAssert.AreClose(p.Order().Take(10).Average(q => -Math.Log(q)), value, tolerance: 1e-12);
    }

    [TestMethod]
    public void Backward_OfEasyPixelsOnly_ReachesThoseThatWereTaken()
    {
        using var scope = NewDisposeScope();
        using var loss = new OhemCrossEntropy { MinimumKept = 0.5 }.Create(2);
        var x = Scores(0.9, 0.8, 0.85, 0.95).requires_grad_();

        loss.call(x, zeros([1, 4], ScalarType.Int64)).backward();

        CollectionAssert.AreEqual(new[] { false, true, true, false }, x.grad!.select(1, 0).ne(0).flatten().data<bool>().ToArray());
    }

    [TestMethod]
    public void Forward_OfFewEasyPixels_TakesNoneAndIsZero()
    {
        using var scope = NewDisposeScope();
        using var loss = new OhemCrossEntropy().Create(2);
        var x = Scores(0.9, 0.8, 0.75).requires_grad_();   // ⌊3/16⌋ = 0

        var value = loss.call(x, zeros([1, 3], ScalarType.Int64));
        value.backward();

        Assert.AreEqual(0, value.item<double>());
        TensorAssert.AreClose(zeros_like(x), x.grad!, tolerance: 0);
    }

    [TestMethod]
    public void Forward_OfIgnoredPixels_CountsThemNeitherAsHardNorAsPixels()
    {
        using var scope = NewDisposeScope();
        using var loss = new OhemCrossEntropy { IgnoreIndex = 255, MinimumKept = 0.5 }.Create(2);
        var target = tensor(new long[] { 0, 255, 0, 255, 0, 0 }, 1, 6);

        var value = loss.call(Scores(0.9, 0.01, 0.8, 0.02, 0.85, 0.95), target);

        TensorAssert.AreClose((-Math.Log(0.8) - Math.Log(0.85)) / 2, value, tolerance: 1e-12);   // half of four
    }

    [TestMethod]
    public void Forward_OfNarrowScores_SelectsAndMeasuresInFloat32()
    {
        using var scope = NewDisposeScope();
        using var loss = new OhemCrossEntropy().Create(2);
        var scores = Scores(0.9, 0.8, 0.6, 0.5).to(ScalarType.BFloat16);

        var value = loss.call(scores, zeros([1, 4], ScalarType.Int64));

        Assert.AreEqual(ScalarType.Float32, value.dtype);
        TensorAssert.AreClose(loss.call(scores.to(ScalarType.Float64), zeros([1, 4], ScalarType.Int64)).item<double>(), value, tolerance: 1e-6);
    }

    [TestMethod]
    public void Forward_WithoutReduction_IsZeroWhereAPixelWasNotTaken()
    {
        using var scope = NewDisposeScope();
        using var loss = new OhemCrossEntropy { Reduction = Reduction.None }.Create(2);

        var value = loss.call(Scores(0.9, 0.5, 0.8, 0.6), zeros([1, 4], ScalarType.Int64));

        TensorAssert.AreClose(tensor(new[] { 0, -Math.Log(0.5), 0, -Math.Log(0.6) }, 1, 4), value, tolerance: 1e-12);
    }

    [TestMethod]
    public void Forward_OfALabelOutOfRange_NamesIt()
    {
        using var scope = NewDisposeScope();
        using var loss = new OhemCrossEntropy { IgnoreIndex = 255 }.Create(2);

        var error = Assert.ThrowsExactly<ArgumentException>(() => loss.call(Scores(0.9, 0.8), tensor(new long[] { 0, 254 }, 1, 2)));

        Assert.AreEqual("The label 254 is out of range: with 2 classes a label is at least 0 and at most 1, or the ignored 255. (Parameter 'target')", error.Message);
    }

    /// <summary>Scores of pixels, [1, 2, P], whose class 0 has given probabilities.</summary>
    private static Tensor Scores(params double[] p) => stack([tensor(p).log(), (1 - tensor(p)).log()], 0).unsqueeze(0);
}
