namespace MlComponents.Tests.Metrics.Segmentation;

[TestClass]
public sealed class IoUTests
{
    [TestMethod]
    public void Compute_OfTwoImages_IsOverTheirPixelsTogether()
    {
        using var scope = NewDisposeScope();
        long[] labels = [0, 0, 1, 1, 2, 255];
        long[] predictions = [0, 1, 1, 1, 1, 0];   // IoU: 1/2, 2/4, 0/1; the class 3 occurs nowhere
        var x = nn.functional.one_hot(tensor(predictions), 4).to(ScalarType.Float32).view(2, 1, 3, 4).movedim([-1], [1]);   // [2, 4, 1, 3]
        var t = tensor(labels).view(2, 1, 3);

        (MetricDefinition Definition, string Name, double Value)[] expected =
        [
            (new MeanIoU { IgnoreIndex = 255 }, "mean-iou", (1 / 2.0 + 2 / 4.0 + 0) / 3),
            (new IoU { IgnoreIndex = 255 }, "class-1-iou", 2 / 4.0),
            (new IoU { IgnoreIndex = 255, Class = 2 }, "class-2-iou", 0),
            (new IoU { IgnoreIndex = 255, Class = 3 }, "class-3-iou", double.NaN),
            (new PixelAccuracy { IgnoreIndex = 255 }, "pixel-accuracy", 3 / 5.0),
        ];
        foreach (var (definition, name, value) in expected)
        {
            using var metric = definition.Create(4);
            metric.Update(x[..1], t[..1], null);
            metric.Update(x[1..], t[1..], null);

            Assert.AreEqual(name, metric.Name);
            Assert.AreEqual(value, metric.Compute(), 1e-15, name);
        }
    }

    [TestMethod]
    public void Compute_OfOneOutput_HasABackgroundAndAForeground()
    {
        using var scope = NewDisposeScope();
        using var iou = new IoU().Create(1);
        using var mean = new MeanIoU().Create(1);

        foreach (var metric in new[] { iou, mean })
            metric.Update(tensor(new[] { 1f, 1f, -1f, -1f }, 1, 1, 2, 2), tensor(new[] { true, false, false, false }, 1, 2, 2), null);

        Assert.AreEqual(("iou", 1 / 2.0), (iou.Name, iou.Compute()));
        Assert.AreEqual((1 / 2.0 + 2 / 3.0) / 2, mean.Compute(), 1e-15);
    }
}
