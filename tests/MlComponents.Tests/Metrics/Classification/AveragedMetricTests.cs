namespace MlComponents.Tests.Metrics.Classification;

[TestClass]
public sealed class AveragedMetricTests
{
    // Labels 0 0 0 1 1 2, predictions 0 0 1 1 1 3; the class 4 occurs nowhere. Per class TP, FP, FN: 2 0 1, 2 1 0, 0 0 1, 0 1 0.
    private static readonly long[] Labels = [0, 0, 0, 1, 1, 2];
    private static readonly long[] Predictions = [0, 0, 1, 1, 1, 3];

    [TestMethod]
    [DataRow(null, "macro", (1 + 2 / 3.0) / 4, (2 / 3.0 + 1) / 4, (4 / 5.0 + 4 / 5.0) / 4)]
    [DataRow(ClassAverage.Macro, "macro", (1 + 2 / 3.0) / 4, (2 / 3.0 + 1) / 4, (4 / 5.0 + 4 / 5.0) / 4)]
    [DataRow(ClassAverage.Micro, "micro", 4 / 6.0, 4 / 6.0, 4 / 6.0)]
    [DataRow(ClassAverage.Weighted, "weighted", (3 + 2 * 2 / 3.0) / 6, (3 * 2 / 3.0 + 2) / 6, (3 + 2) * 4 / 5.0 / 6)]
    public void Compute_OfAnAverage_IsWhatAHandComputes(ClassAverage? average, string prefix, double precision, double recall, double f1)
    {
        Assert.AreEqual(($"{prefix}-precision", precision), Value(new Precision { Average = average }));
        Assert.AreEqual(($"{prefix}-recall", recall), Value(new Recall { Average = average }));
        Assert.AreEqual(($"{prefix}-f1", f1), Value(new F1 { Average = average }));
        Assert.AreEqual(($"{prefix}-dice", f1), Value(new DiceCoefficient { Average = average }));
    }

    [TestMethod]
    [DataRow(0, 1.0, 2 / 3.0, 4 / 5.0, 4 / 5.0)]
    [DataRow(2, 0.0, 0.0, 0.0, 0.0)]                  // never predicted
    [DataRow(3, 0.0, 0.0, 0.0, 0.0)]                  // never a label
    [DataRow(4, 0.0, 0.0, 0.0, double.NaN)]           // nowhere
    public void Compute_OfOneClass_IsItsOwn(int index, double precision, double recall, double f1, double dice)
    {
        Assert.AreEqual(($"class-{index}-precision", precision), Value(new Precision { Class = index }));
        Assert.AreEqual(($"class-{index}-recall", recall), Value(new Recall { Class = index, Average = ClassAverage.Micro }));
        Assert.AreEqual(($"class-{index}-f1", f1), Value(new F1 { Class = index }));
        Assert.AreEqual(($"class-{index}-dice", dice), Value(new DiceCoefficient { Class = index }));
    }

    [TestMethod]
    public void Compute_OfOneOutput_IsThePositiveClassUnlessAskedOtherwise()
    {
        using var scope = NewDisposeScope();
        using var positive = new Precision().Create(1);
        using var macro = new Precision { Average = ClassAverage.Macro }.Create(1);
        using var negative = new Precision { Class = 0 }.Create(1);

        foreach (var metric in new[] { positive, macro, negative })
            metric.Update(tensor(new[] { 2f, 1f, -1f, -1f, -1f }), tensor(new[] { 1f, 0f, 1f, 0f, 0f }), null);

        Assert.AreEqual(("precision", 1 / 2.0), (positive.Name, positive.Compute()));
        Assert.AreEqual(("class-0-precision", 2 / 3.0), (negative.Name, negative.Compute()));
        Assert.AreEqual("macro-precision", macro.Name);
        Assert.AreEqual((1 / 2.0 + 2 / 3.0) / 2, macro.Compute(), 1e-15);
    }

    [TestMethod]
    public void Create_OfAClassThatThereIsNot_SaysSo()
    {
        var error = Assert.ThrowsExactly<ArgumentException>(() => new F1 { Class = 3 }.Create(3));
        var binary = Assert.ThrowsExactly<ArgumentException>(() => new IoU { Class = 2 }.Create(1));

        Assert.AreEqual("F1 is of the class 3, but there are 3 classes: give a Class of at most 2.", error.Message);
        Assert.AreEqual("IoU is of the class 2, but there are 2 classes: give a Class of at most 1.", binary.Message);
    }

    private static (string Name, double Value) Value(MetricDefinition definition)
    {
        using var scope = NewDisposeScope();
        using var metric = definition.Create(5);
        metric.Update(nn.functional.one_hot(tensor(Predictions), 5).to(ScalarType.Float32), tensor(Labels), null);
        return (metric.Name, Math.Round(metric.Compute(), 14) is var value && double.IsNaN(value) ? double.NaN : metric.Compute());
    }
}
