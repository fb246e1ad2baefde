using System.Reflection;

namespace MlComponents.Tests.Losses;

[TestClass]
public sealed class CrossEntropyTests
{
    [TestMethod]
    public void Forward_WithClassAndExampleWeights_IsWhatAHandComputes()
    {
        using var scope = NewDisposeScope();
        using var loss = new CrossEntropy { ClassWeights = [1, 3] }.Create(2);
        var x = tensor(new[] { 0.0, 0.0, Math.Log(3), 0.0 }, 2, 2);   // probabilities ½ ½, and ¾ ¼

        var value = loss.call(x, tensor(new long[] { 0, 1 }), tensor(new[] { 2.0, 1.0 }));

        // Σ w·v·(−log p) = 2·1·log 2 + 1·3·log 4; Σ w·v = 2·1 + 1·3
        TensorAssert.AreClose((2 * Math.Log(2) + 3 * Math.Log(4)) / 5, value, tolerance: 1e-12);
    }

    [TestMethod]
    public void Forward_OfIgnoredLabelsOnly_IsZeroWithoutGradient()
    {
        using var scope = NewDisposeScope();
        foreach (var definition in new CrossEntropy[] { new() { IgnoreIndex = 255 }, new() { IgnoreIndex = 255, LabelSmoothing = 0.1, ClassWeights = [1, 2] } })
        {
            using var loss = definition.Create(2);
            foreach (var target in new[] { full([2, 3, 3], 255, ScalarType.Int64), full([2, 2, 3, 3], 255, ScalarType.Float32) })
            {
                var x = randn(2, 2, 3, 3).requires_grad_();

                var value = loss.call(x, target);
                value.backward();

                Assert.AreEqual(0, value.item<float>());
                TensorAssert.AreClose(zeros_like(x), x.grad!, tolerance: 0);
                Assert.AreEqual(0, loss.Normalizer(target, null).item<double>());
            }
        }
    }

    [TestMethod]
    public void Forward_OfAClassOfWeightZeroOnly_IsZeroEvenWithSmoothing()
    {
        using var scope = NewDisposeScope();
        using var loss = new CrossEntropy { ClassWeights = [0, 1], LabelSmoothing = 0.2 }.Create(2);
        var x = randn(3, 2).requires_grad_();

        var value = loss.call(x, zeros(3, ScalarType.Int64));
        value.backward();

        Assert.AreEqual(0, value.item<float>());
        TensorAssert.AreClose(zeros_like(x), x.grad!, tolerance: 0);
    }

    [TestMethod]
    [DataRow(3L, null, 0.0, "The label 3 is out of range: with 3 classes a label is at least 0 and at most 2. (Parameter 'target')")]
    [DataRow(-1L, null, 0.0, "The label -1 is out of range: with 3 classes a label is at least 0 and at most 2. (Parameter 'target')")]
    [DataRow(-100L, null, 0.1, "The label -100 is out of range: with 3 classes a label is at least 0 and at most 2. (Parameter 'target')")]
    [DataRow(7L, 255L, 0.1, "The label 7 is out of range: with 3 classes a label is at least 0 and at most 2, or the ignored 255. (Parameter 'target')")]
    public void Forward_OfALabelOutOfRange_NamesIt(long label, long? ignored, double smoothing, string message)
    {
        using var scope = NewDisposeScope();
        using var loss = new CrossEntropy { IgnoreIndex = ignored, LabelSmoothing = smoothing }.Create(3);

        var flat = Assert.ThrowsExactly<ArgumentException>(() => loss.call(randn(2, 3), tensor(new[] { 0, label })));
        var maps = Assert.ThrowsExactly<ArgumentException>(() => loss.call(randn(1, 3, 2, 1), tensor(new[] { 0, label }, 1, 2, 1)));

        Assert.AreEqual(message, flat.Message);
        Assert.AreEqual(message, maps.Message);
    }

    [TestMethod]
    public void Forward_OfShapesThatDontFit_SaysWhichAndWhatWasNeeded()
    {
        using var scope = NewDisposeScope();
        using var loss = new CrossEntropy().Create(3);

        var shape = Assert.ThrowsExactly<ArgumentException>(() => loss.call(randn(2, 3, 4, 4), zeros([2, 4, 5], ScalarType.Int64)));
        var dtype = Assert.ThrowsExactly<ArgumentException>(() => loss.call(randn(2, 3), zeros(2, ScalarType.Int32)));
        var distribution = Assert.ThrowsExactly<ArgumentException>(() => loss.call(randn(2, 3), rand(2, 4)));

        Assert.StartsWith("The scores have the shape [2, 3, 4, 4], but the labels [2, 4, 5]: CrossEntropy takes scores [N, C, ...] and labels [N, ...].", shape.Message);
        Assert.StartsWith("The labels are Int32; CrossEntropy takes class indices, Int64.", dtype.Message);
        Assert.StartsWith("The scores have the shape [2, 3], but the probabilities [2, 4]: CrossEntropy takes both as [N, C, ...], or labels [N, ...] that are Int64.", distribution.Message);
    }

    [TestMethod]
    public void Forward_OfOneHotDistributions_IsThatOfTheLabels()
    {
        using var scope = NewDisposeScope();
        using var loss = new CrossEntropy { LabelSmoothing = 0.1 }.Create(3);
        var (x, labels) = (randn(4, 3, 2, dtype: ScalarType.Float64), tensor(new long[] { 0, 1, 2, 2, 1, 0, 0, 2 }, 4, 2));

        var value = loss.call(x, nn.functional.one_hot(labels, 3).permute(0, 2, 1).to(ScalarType.Float32));

        TensorAssert.AreClose(loss.call(x, labels), value, tolerance: 1e-12);
    }

    [TestMethod]
    public void Forward_OfMoreScoresThanClassWeights_SaysBothNumbers()
    {
        using var scope = NewDisposeScope();
        using var loss = new CrossEntropy { ClassWeights = [1, 2] }.Create(2);

        var error = Assert.ThrowsExactly<ArgumentException>(() => loss.call(randn(2, 3), zeros(2, ScalarType.Int64)));

        Assert.StartsWith("The scores have 3 classes, [2, 3], but CrossEntropy has 2 class weights.", error.Message);
    }

    [TestMethod]
    public void Create_WithClassWeightsOfAnotherNumberOfClasses_SaysBothNumbers()
    {
        var error = Assert.ThrowsExactly<ArgumentException>(() => new CrossEntropy { ClassWeights = [1, 2] }.Create(3));

        Assert.AreEqual("CrossEntropy has 2 class weights, but there are 3 classes: give one weight per class, in key order.", error.Message);
    }

    [TestMethod]
    public void Module_WithClassWeights_TakesThemToItsDevice()
    {
        using var loss = new CrossEntropy { ClassWeights = [1, 2] }.Create(2);

        loss.to(META);

        var field = loss.GetType().GetField("classWeights", BindingFlags.Instance | BindingFlags.NonPublic)!;
        Assert.AreEqual(DeviceType.META, ((Tensor)field.GetValue(loss)!).device_type);
    }
}
