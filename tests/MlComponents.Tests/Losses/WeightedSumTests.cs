using System.ComponentModel.DataAnnotations;

namespace MlComponents.Tests.Losses;

[TestClass]
public sealed class WeightedSumTests
{
    [TestMethod]
    public void Terms_OfASum_AreTheLossesThatItAdds()
    {
        using var scope = NewDisposeScope();
        using var loss = new WeightedSum { Terms = [Term("a", new CrossEntropy(), 0.5), Term("b", new Dice(), 2)] }.Create(3);
        var (x, t) = (randn(2, 3, 4), arange(8).remainder(3).view(2, 4));

        var value = loss.call(x, t);

        CollectionAssert.AreEqual(new[] { "a", "b" }, loss.Terms.Select(term => term.Name).ToArray());
        TensorAssert.AreClose(loss.Terms.Sum(term => term.Weight * term.Loss.call(x, t).item<float>()), value, tolerance: 1e-6);
    }

    [TestMethod]
    public void Create_WithAnIgnoreIndex_GivesItToTheTermsThatHaveNone()
    {
        using var scope = NewDisposeScope();
        using var loss = new WeightedSum { IgnoreIndex = 255, Terms = [Term("a", new CrossEntropy()), Term("b", new CrossEntropy { IgnoreIndex = 0 })] }.Create(2);

        Assert.AreEqual(3, loss.Terms[0].Loss.Normalizer(tensor(new long[] { 0, 1, 1, 255 }), null).item<double>());
        Assert.AreEqual(3, loss.Terms[1].Loss.Normalizer(tensor(new long[] { 0, 1, 1, 255 }), null).item<double>());   // without 0
    }

    [TestMethod]
    public void Mean_OfASumOfSums_IsTheSumOfTheMeans()
    {
        using var scope = NewDisposeScope();
        var (x, t) = (randn(4, 3), tensor(new long[] { 0, 1, 2, 0 }));
        using var mean = new WeightedSum { Terms = [Term("a", new CrossEntropy())] }.Create(3);
        using var sum = new WeightedSum { Terms = [Term("a", new CrossEntropy())], Reduction = Reduction.Sum }.Create(3);
        using var own = new WeightedSum { Terms = [Term("a", new CrossEntropy { Reduction = Reduction.Sum })] }.Create(3);

        TensorAssert.AreClose(4 * mean.call(x, t), sum.call(x, t), tolerance: 1e-6);
        TensorAssert.AreClose(4 * mean.call(x, t), own.call(x, t), tolerance: 1e-6);
        TensorAssert.AreClose(mean.call(x, t), sum.Mean(x, t, null), tolerance: 1e-6);
        TensorAssert.AreClose(mean.call(x, t), own.Mean(x, t, null), tolerance: 1e-6);
    }

    [TestMethod]
    public void Create_OfTwoTermsWithOneName_SaysSo()
    {
        var error = Assert.ThrowsExactly<ArgumentException>(() => new WeightedSum { Terms = [Term("a", new Dice()), Term("a", new Jaccard())] }.Create(2));

        Assert.AreEqual("WeightedSum has 2 terms 'a': give each a name of its own, under which it is logged.", error.Message);
    }

    [TestMethod]
    public void Validate_OfWhatCannotBeAdded_ListsIt()
    {
        var inner = Assert.ThrowsExactly<ValidationException>(new WeightedSum { Terms = [Term("a", new Dice { Reduction = Reduction.None }), Term("b", new WeightedSum())] }.Validate);
        var outer = Assert.ThrowsExactly<ValidationException>(new WeightedSum { Reduction = Reduction.None }.Validate);
        var range = Assert.ThrowsExactly<ValidationException>(new WeightedSum { Terms = [Term("a", new Huber { Delta = 0 }, -1)] }.Validate);

        Assert.AreEqual(
            "WeightedSum: Terms[0].Loss.Reduction is None; allowed are Mean and Sum, as only numbers can be added. "
            + "WeightedSum: Terms[1].Loss is a WeightedSum; list its terms here, so that each is logged.", inner.Message);
        Assert.AreEqual("WeightedSum.Terms is []; allowed is 1 to 32 elements.", Assert.ThrowsExactly<ValidationException>(new WeightedSum { Terms = [] }.Validate).Message);
        Assert.AreEqual("WeightedSum: Reduction is None; allowed are Mean and Sum, as only numbers can be added.", outer.Message);
        Assert.AreEqual(
            "WeightedSum.Terms[0].Weight is -1; allowed is at least 0 and finite. WeightedSum.Terms[0].Loss.Delta is 0; allowed is above 0 and finite.", range.Message);
    }

    [TestMethod]
    public void Read_OfJson_GivesTheTerms()
    {
        var sum = ComponentJson.Read<LossDefinition>("""
            { "name": "weighted-sum", "terms": [{ "term": "ce", "weight": 0.4, "loss": "ohem-cross-entropy" }, { "term": "lovasz", "loss": { "name": "lovasz-softmax", "ignoreIndex": 255 } }] }
            """);

        var terms = ((WeightedSum)sum).Terms;
        Assert.AreEqual(new WeightedTerm { Term = "ce", Weight = 0.4, Loss = new OhemCrossEntropy() }, terms[0]);
        Assert.AreEqual(new WeightedTerm { Term = "lovasz", Loss = new LovaszSoftmax { IgnoreIndex = 255 } }, terms[1]);
    }

    private static WeightedTerm Term(string name, LossDefinition loss, double weight = 1) => new() { Term = name, Weight = weight, Loss = loss };
}
