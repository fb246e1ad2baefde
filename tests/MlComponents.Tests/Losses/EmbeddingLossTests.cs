namespace MlComponents.Tests.Losses;

[TestClass]
public sealed class EmbeddingLossTests
{
    [TestMethod]
    public void CosineEmbedding_OfPairsThatAreAlikeAndNot_IsWhatAHandComputes()
    {
        using var scope = NewDisposeScope();
        using var loss = new CosineEmbedding { Margin = 0.1, Reduction = Reduction.None }.Create(1);
        var pairs = tensor(new[] { 1.0, 0, 3, 4, 1, 0, 3, 4, 1, 0, -3, 4 }, 3, 2, 2);   // cosines 0.6, 0.6 and −0.6

        var value = loss.call(pairs, tensor(new long[] { 1, -1, -1 }));

        TensorAssert.AreClose(tensor(new[] { 0.4, 0.5, 0 }), value, tolerance: 1e-9);
    }

    [TestMethod]
    public void CosineEmbedding_OfAnotherTarget_NamesIt()
    {
        using var scope = NewDisposeScope();
        using var loss = new CosineEmbedding().Create(1);
        using var ignoring = new CosineEmbedding { IgnoreIndex = 7 }.Create(1);

        var error = Assert.ThrowsExactly<ArgumentException>(() => loss.call(randn(2, 2, 3), tensor(new[] { 1f, 0f })));
        var ignored = Assert.ThrowsExactly<ArgumentException>(() => ignoring.call(randn(2, 2, 3), tensor(new long[] { 7, 8 })));

        Assert.StartsWith("The target 0 is neither 1 nor -1: CosineEmbedding takes 1 for a pair that is alike and -1 for one that isn't.", error.Message);
        Assert.StartsWith("The target 8 is neither 1 nor -1 nor the ignored 7:", ignored.Message);
    }

    [TestMethod]
    public void Triplet_OfDistancesByHand_IsTheirDifferenceAndTheMargin()
    {
        using var scope = NewDisposeScope();
        using var loss = new Triplet { Reduction = Reduction.None }.Create(1);
        using var swapped = new Triplet { Swap = true }.Create(1);
        var triplets = tensor(new[] { 0.0, 0, 3, 4, 0, 5.5, 0, 0, 3, 4, 0, 100 }, 2, 3, 2);   // 5 and 5.5; 5 and 100

        var value = loss.call(triplets, zeros(2));

        TensorAssert.AreClose(tensor(new[] { 5 - 5.5 + 1, 0 }), value, tolerance: 1e-5);   // the 1e-6 of PyTorch's norm
        TensorAssert.AreClose((5 - Math.Sqrt(9 + 1.5 * 1.5) + 1 + 0) / 2, swapped.call(triplets, zeros(2)), tolerance: 1e-5);
    }

    [TestMethod]
    public void Triplet_OfAnyTarget_IsTheSame()
    {
        using var scope = NewDisposeScope();
        using var loss = new Triplet().Create(1);
        var x = randn(4, 3, 5);

        TensorAssert.AreClose(loss.call(x, zeros(4)), loss.call(x, randn(4, 2, 2)), tolerance: 0);
    }

    [TestMethod]
    public void Forward_OfShapesThatDontFit_SaysWhatIsTaken()
    {
        using var scope = NewDisposeScope();
        using var cosine = new CosineEmbedding().Create(1);
        using var triplet = new Triplet { IgnoreIndex = 7 }.Create(1);

        var pairs = Assert.ThrowsExactly<ArgumentException>(() => cosine.call(randn(4, 3, 5), ones(4)));
        var triplets = Assert.ThrowsExactly<ArgumentException>(() => triplet.call(randn(4, 2, 5), ones(4)));
        var target = Assert.ThrowsExactly<ArgumentException>(() => triplet.call(randn(4, 3, 5), ones(4, 2)));

        Assert.AreEqual("The prediction has the shape [4, 3, 5], but the target [4]: CosineEmbedding takes pairs of embeddings [N, 2, D] and targets [N].", pairs.Message);
        Assert.AreEqual("The prediction has the shape [4, 2, 5], but the target [4]: Triplet takes anchor, positive and negative as [N, 3, D], and a target of N rows.", triplets.Message);
        Assert.StartsWith("The target has the shape [4, 2]: with an IgnoreIndex Triplet takes one number per triplet, [N].", target.Message);
    }

    [TestMethod]
    public void KullbackLeibler_OfACertainTarget_IsItsSurprise()
    {
        using var scope = NewDisposeScope();
        using var loss = new KullbackLeibler().Create(4);

        TensorAssert.AreClose(Math.Log(4), loss.call(zeros(2, 4, dtype: ScalarType.Float64), tensor(new[] { 1.0, 0, 0, 0, 0, 0, 1, 0 }, 2, 4)), tolerance: 1e-12);
        TensorAssert.AreClose(0, loss.call(zeros(2, 4, dtype: ScalarType.Float64), full([2, 4], 0.25, ScalarType.Float64)), tolerance: 1e-12);
    }
}
