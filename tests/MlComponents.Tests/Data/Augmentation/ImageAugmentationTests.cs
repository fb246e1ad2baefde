using static MlComponents.Tests.Data.AugmentationExamples;

namespace MlComponents.Tests.Data;

/// <summary>
/// What the random numbers are used for: ranges, means and shares over many copies of one image. The seed is fixed; a mean may be off by four of its standard errors.
/// </summary>
[TestClass]
public sealed class ImageAugmentationTests
{
    private const int Copies = 4000;

    [TestMethod]
    public void RandomAffine_OfImagesInHalfPrecision_MovesThemAsFarAsInSingle()
    {
        using var scope = NewDisposeScope();
        var image = Places(200, 200) / 100;
        var definition = new RandomAffine { Degrees = 0, MinScale = 1, MaxScale = 1, Translate = 0.02 };

        var single = ApplyToCopies(definition, image.to(ScalarType.BFloat16).to(ScalarType.Float32), copies: 3);
        var half = ApplyToCopies(definition, image.to(ScalarType.BFloat16), copies: 3);

        TensorAssert.AreClose(single, half.to(ScalarType.Float32), tolerance: 4e-3);   // a bfloat16 is rounded by up to 1/256 of itself
    }

    [TestMethod]
    public void RandomCrop_OfManyCopies_MovesThemToEveryPlaceAsOften()
    {
        using var scope = NewDisposeScope();

        var cropped = ApplyToCopies(new RandomCrop { Padding = 2 }, Places(9, 11), Copies);

        foreach (var channel in new[] { 0, 1 })
        {
            var moved = cropped[.., channel, 4, 5];                                                // what was so far from the centre stands there now
            CollectionAssert.AreEqual(new float[] { -2, -1, 0, 1, 2 }, moved.unique().output.data<float>().ToArray());
            foreach (var place in new[] { -2, -1, 0, 1, 2 })
                Assert.AreEqual(0.2, moved.eq(place).to(ScalarType.Float64).mean().item<double>(), 4 * Math.Sqrt(0.2 * 0.8 / Copies));
        }
        Assert.AreEqual(0, Correlation(cropped[.., 0, 4, 5], cropped[.., 1, 4, 5]), 4 / Math.Sqrt(Copies), "rows and columns are drawn apart");
    }

    [TestMethod]
    public void RandomCrop_OfAnotherSize_CutsThatOut()
    {
        using var scope = NewDisposeScope();

        var cropped = ApplyToCopies(new RandomCrop { Padding = 0, Size = [3, 5] }, Places(5, 6), 200);

        CollectionAssert.AreEqual(new long[] { 200, 2, 3, 5 }, cropped.shape);
        CollectionAssert.AreEqual(new float[] { -1, 0, 1 }, cropped[.., 1, 1, 0].unique().output.data<float>().ToArray());
        CollectionAssert.AreEqual(new float[] { -0.5f, 0.5f }, cropped[.., 0, 0, 2].unique().output.data<float>().ToArray());
    }

    [TestMethod]
    public void RandomCrop_FillAndReflect_AreWhatIsAdded()
    {
        using var scope = NewDisposeScope();
        var image = ones(1, 5, 5);

        var filled = ApplyToCopies(new RandomCrop { Padding = 2, Fill = 7 }, image, 50);
        var mirrored = ApplyToCopies(new RandomCrop { Padding = 2, Reflect = true }, image, 50);

        CollectionAssert.AreEqual(new float[] { 1, 7 }, filled.unique().output.data<float>().ToArray());
        CollectionAssert.AreEqual(new float[] { 1 }, mirrored.unique().output.data<float>().ToArray());
    }

    [TestMethod]
    [DataRow(0.3, 0.0)]
    [DataRow(0.0, 0.8)]
    [DataRow(0.5, 0.25)]
    [DataRow(1.0, 1.0)]
    public void RandomFlip_OfManyCopies_MirrorsTheirShares(double horizontal, double vertical)
    {
        using var scope = NewDisposeScope();

        var flipped = ApplyToCopies(new RandomFlip { Horizontal = horizontal, Vertical = vertical }, Places(3, 4), Copies);

        Share(horizontal, flipped[.., 0, 0, 0].gt(0));
        Share(vertical, flipped[.., 1, 0, 0].gt(0));
        Share(horizontal * vertical, flipped[.., 0, 0, 0].gt(0).logical_and(flipped[.., 1, 0, 0].gt(0)));
    }

    [TestMethod]
    public void RandomAffine_ByDegrees_TurnsToBothSides() =>
        IsUniform(-30, 30, matrix => (-matrix.Yx).atan2(matrix.Xx) * (180 / Math.PI), Still with { Degrees = 30 });

    [TestMethod]
    public void RandomAffine_ByShear_LeansToBothSides() =>
        IsUniform(-20, 20, matrix => matrix.Xy.atan() * (180 / Math.PI), Still with { Shear = 20 });

    [TestMethod]
    public void RandomAffine_ByScales_ScalesBothSidesAlike()
    {
        IsUniform(0.8, 1.5, matrix => 1 / matrix.Xx, Still with { MinScale = 0.8, MaxScale = 1.5 });
        IsUniform(0.8, 1.5, matrix => 1 / matrix.Yy, Still with { MinScale = 0.8, MaxScale = 1.5 });
    }

    [TestMethod]
    public void RandomAffine_ByTranslate_MovesByASharePerSide()
    {
        IsUniform(-0.2 * 13, 0.2 * 13, matrix => -matrix.X, Still with { Translate = 0.2 });
        IsUniform(-0.2 * 9, 0.2 * 9, matrix => -matrix.Y, Still with { Translate = 0.2 });
    }

    [TestMethod]
    public void RandomAffine_Fill_IsWhatComesFromBeyondTheEdges()
    {
        using var scope = NewDisposeScope();

        var moved = ApplyToCopies(Still with { Translate = 1, Fill = 3 }, ones(1, 6, 6), 50);

        Assert.AreEqual(3, moved.max().item<float>(), 1e-5);
        Assert.AreEqual(1, moved.min().item<float>(), 1e-5);
    }

    [TestMethod]
    public void RandomErasing_OfManyCopies_KeepsToItsRanges()
    {
        using var scope = NewDisposeScope();
        var options = new RandomErasing { Probability = 0.7, MinArea = 0.05, MaxArea = 0.2, MinRatio = 0.5, MaxRatio = 1.6, Value = -1 };

        var erased = ApplyToCopies(options, zeros(1, 60, 40), Copies).select(1, 0).eq(-1);         // [N, H, W]

        Share(0.7, erased.any(1).any(1));
        var touched = erased[erased.any(1).any(1)].to(ScalarType.Float64);                         // [M, H, W]
        var rows = touched.amax([2]).sum(1);                                                       // [M]
        var columns = touched.amax([1]).sum(1);                                                    // [M]
        TensorAssert.AreClose(rows * columns, touched.sum([1, 2]), tolerance: 0);                  // rectangles
        var area = rows * columns / (60 * 40);
        var ratio = rows / columns;
        IsUniform(0.05, 0.2, area, rounding: 0.02);
        IsUniform(Math.Log(0.5), Math.Log(1.6), ratio.log(), rounding: 0.1);
        var top = touched.amax([2]).argmax(1).to(ScalarType.Float64) / (60 - rows);                // from 0 to 1
        IsUniform(0, 1, top, rounding: 0.01);
        var left = touched.amax([1]).argmax(1).to(ScalarType.Float64) / (40 - columns);
        IsUniform(0, 1, left, rounding: 0.01);
    }

    [TestMethod]
    public void RandomErasing_OfARectangleThatDoesntFit_KeepsItsArea()
    {
        using var scope = NewDisposeScope();
        var options = new RandomErasing { Probability = 1, MinArea = 0.5, MaxArea = 0.5, MinRatio = 9, MaxRatio = 9, Value = 1 };

        var erased = ApplyToCopies(options, zeros(1, 20, 30), 20);                                 // √(300·9) would be 52 rows of 20

        TensorAssert.AreClose(full([20], 0.5f), erased.mean([1, 2, 3]), tolerance: 1e-6);
        TensorAssert.AreClose(full([20], 15f), erased[.., 0, 0, ..].sum(1), tolerance: 0);
    }

    private static RandomAffine Still => new() { Degrees = 0, Translate = 0, MinScale = 1, MaxScale = 1 };

    /// <summary>Reads off an image of places where the pixels about the centre came from, and compares what follows from that with a uniform distribution.</summary>
    private static void IsUniform(double low, double high, Func<(Tensor Xx, Tensor Xy, Tensor Yx, Tensor Yy, Tensor X, Tensor Y), Tensor> parameter, RandomAffine options)
    {
        using var scope = NewDisposeScope();

        var from = ApplyToCopies(options, Places(9, 13), Copies).to(ScalarType.Float64);           // [N, 2, 9, 13]
        var (centre, right, below) = (from[.., .., 4, 6], from[.., .., 4, 7], from[.., .., 5, 6]);
        var (x, y) = (right - centre, below - centre);                                             // [N, 2], the columns of the inverse matrix

        IsUniform(low, high, parameter((x[.., 0], y[.., 0], x[.., 1], y[.., 1], centre[.., 0], centre[.., 1])), rounding: 1e-4);
    }

    private static void IsUniform(double low, double high, Tensor values, double rounding)
    {
        Assert.IsGreaterThanOrEqualTo(low - rounding, values.min().item<double>());
        Assert.IsLessThanOrEqualTo(high + rounding, values.max().item<double>());
        var deviation = (high - low) / Math.Sqrt(12);
        Assert.AreEqual((low + high) / 2, values.mean().item<double>(), 4 * deviation / Math.Sqrt(values.numel()) + rounding / 4);
        Assert.AreEqual(deviation, values.std().item<double>(), 0.05 * deviation + rounding / 4);
    }

    private static void Share(double expected, Tensor which) =>
        Assert.AreEqual(expected, which.to(ScalarType.Float64).mean().item<double>(), 4 * Math.Sqrt(expected * (1 - expected) / which.numel()) + 1e-9);

    private static double Correlation(Tensor a, Tensor b) => ((a - a.mean()) * (b - b.mean())).mean().item<float>() / (a.std() * b.std()).item<float>();
}
