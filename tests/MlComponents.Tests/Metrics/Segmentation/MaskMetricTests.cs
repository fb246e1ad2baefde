namespace MlComponents.Tests.Metrics.Segmentation;

[TestClass]
public sealed class MaskMetricTests
{
    [TestMethod]
    public void RegionJ_OfImages_IsTheMeanOfEachOnes()
    {
        using var scope = NewDisposeScope();
        using var metric = new RegionJ().Create(1);
        var predicted = Rectangles(3, 8, 8, (0, 0, 4, 4), (0, 0, 0, 0), (0, 0, 2, 2));
        var actual = Rectangles(3, 8, 8, (0, 0, 4, 8), (0, 0, 0, 0), (4, 4, 2, 2));   // 16/32, both empty, disjoint

        metric.Update(Logits(predicted), actual, tensor(new[] { 1f, 2f, 1f }));

        Assert.AreEqual("region-j", metric.Name);
        Assert.AreEqual((0.5 + 2 * 1 + 0) / 4, metric.Compute(), 1e-15);
    }

    [TestMethod]
    [DataRow(10, 10, 12, 12, 10, 10, 12, 12, 1.0)]    // identical
    [DataRow(10, 10, 12, 12, 11, 11, 12, 12, 1.0)]    // shifted by √2 pixels, within the radius of 2
    [DataRow(10, 10, 12, 12, 10, 12, 12, 12, 1.0)]    // shifted by 2 pixels
    [DataRow(0, 0, 6, 6, 30, 90, 6, 6, 0.0)]          // disjoint
    [DataRow(0, 0, 0, 0, 0, 0, 0, 0, 1.0)]            // both empty
    [DataRow(0, 0, 0, 0, 3, 3, 5, 5, 0.0)]            // one empty
    [DataRow(3, 3, 5, 5, 0, 0, 0, 0, 0.0)]            // the other empty
    [DataRow(0, 0, 100, 120, 0, 0, 100, 120, 1.0)]    // both full: no boundary inside the image
    public void BoundaryF_OfRectangles_IsWhatAHandSays(int y, int x, int height, int width, int actualY, int actualX, int actualHeight, int actualWidth, double expected)
    {
        using var scope = NewDisposeScope();
        using var metric = new BoundaryF().Create(1);
        var (predicted, actual) = (Rectangles(1, 100, 120, (y, x, height, width)), Rectangles(1, 100, 120, (actualY, actualX, actualHeight, actualWidth)));

        metric.Update(Logits(predicted), actual, null);   // ⌈0.008·√(100² + 120²)⌉ = ⌈1.25⌉ = 2

        Assert.AreEqual(expected, metric.Compute(), 1e-15);
    }

    [TestMethod]
    public void BoundaryF_OfAShiftBeyondTheTolerance_CountsTheSidesThatMatch()
    {
        using var scope = NewDisposeScope();
        using var metric = new BoundaryF { Tolerance = 0 }.Create(1);

        // Stripes over the whole height: boundaries are the columns before and at the end of each, 3 5 and 3 8, of which one is shared.
        metric.Update(Logits(Rectangles(1, 10, 20, (0, 4, 10, 2))), Rectangles(1, 10, 20, (0, 4, 10, 5)), null);

        Assert.AreEqual(0.5, metric.Compute(), 1e-15);
    }

    [TestMethod]
    public void BoundaryOf_ASinglePixel_IsItAndThoseBeforeIt()
    {
        using var scope = NewDisposeScope();

        var boundary = Masks.BoundaryOf(Rectangles(1, 4, 4, (1, 2, 1, 1)).gt(0)).to(ScalarType.Int64)[0];
        var corner = Masks.BoundaryOf(Rectangles(1, 3, 3, (2, 2, 1, 1)).gt(0)).to(ScalarType.Int64)[0];

        TensorAssert.AreClose(tensor(new long[] { 0, 1, 1, 0, 0, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0 }, 4, 4), boundary, 0);
        TensorAssert.AreClose(tensor(new long[] { 0, 0, 0, 0, 1, 1, 0, 1, 0 }, 3, 3), corner, 0);   // the last pixel has no neighbour that differs
    }

    [TestMethod]
    [DataRow(0, 1)]
    [DataRow(1, 5)]
    [DataRow(2, 13)]
    [DataRow(3, 29)]
    [DataRow(8, 197)]
    public void Dilate_OfAPixel_IsADisk(int radius, int pixels)
    {
        using var scope = NewDisposeScope();

        var disk = Masks.Dilate(Rectangles(1, 21, 21, (10, 10, 1, 1)).gt(0), radius);   // Gauss's circle problem: OEIS A000328

        Assert.AreEqual(pixels, disk.sum().item<long>());
    }

    [TestMethod]
    public void RegionAndBoundary_OfSeveralClasses_IsTheMeanOfBothForTheOneAskedFor()
    {
        using var scope = NewDisposeScope();
        using var g = new RegionAndBoundary { Class = 2 }.Create(3);
        using var j = new RegionJ { Class = 2 }.Create(3);
        using var f = new BoundaryF { Class = 2 }.Create(3);
        var predicted = 2 * Rectangles(2, 30, 30, (3, 3, 9, 9), (5, 5, 20, 8));
        var actual = 2 * Rectangles(2, 30, 30, (3, 4, 9, 9), (9, 9, 20, 8));
        var scores = nn.functional.one_hot(predicted.to(ScalarType.Int64), 3).movedim([-1], [1]).to(ScalarType.Float32);

        foreach (var metric in new[] { g, j, f })
            metric.Update(scores, actual.to(ScalarType.Int64), null);

        Assert.AreEqual("class-2-region-and-boundary", g.Name);
        Assert.IsLessThan(0.9, f.Compute());
        Assert.AreEqual((j.Compute() + f.Compute()) / 2, g.Compute(), 1e-15);
    }

    [TestMethod]
    public void Update_OfWhatAreNoImages_SaysSo()
    {
        using var scope = NewDisposeScope();
        using var metric = new BoundaryF().Create(1);

        var error = Assert.ThrowsExactly<ArgumentException>(() => metric.Update(randn(4, 1), zeros(4), null));

        Assert.AreEqual("The metric 'boundary-f' can't compare outputs [4, 1] with labels [4]: it takes images, labels [N, H, W].", error.Message);
    }

    /// <summary>float32 masks [N, H, W], each a filled rectangle of a corner and a size.</summary>
    private static Tensor Rectangles(int count, int height, int width, params (int Y, int X, int Height, int Width)[] rectangles)
    {
        var masks = zeros(count, height, width);
        for (var i = 0; i < count; i++)
        {
            var (y, x, h, w) = rectangles[i];
            masks[i, y..(y + h), x..(x + w)] = tensor(1f);
        }
        return masks;
    }

    private static Tensor Logits(Tensor masks) => (2 * masks - 1).unsqueeze(1);
}
