namespace MlComponents.Tests.Tensors;

[TestClass]
public sealed class ResizeTests
{
    [TestMethod]
    public void EveryMode_OfLargerAndSmallerSizes_EqualsPyTorch()
    {
        var cases = Fixture.Cases("segmentation", "resizes");

        Assert.HasCount(9, cases);
        foreach (var @case in cases)
        {
            using var scope = NewDisposeScope();
            var (x, expected) = (@case.Tensor("input"), @case.Tensor("output"));
            var mode = Enum.Parse<InterpolationMode>(@case.GetProperty("mode").GetString()!, ignoreCase: true);

            var y = Resize.To(x, expected.shape[2], expected.shape[3], mode);

            TensorAssert.AreClose(expected, y, tolerance: 1e-10);
        }
    }

    [TestMethod]
    public void EveryMode_ByAFactor_MultipliesTheSize()
    {
        using var scope = NewDisposeScope();
        var x = arange(6).to(ScalarType.Float32).view(1, 1, 2, 3);

        TensorAssert.AreClose(tensor([0f, 0, 1, 1, 2, 2, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 3, 3, 4, 4, 5, 5]).view(1, 1, 4, 6), Resize.Nearest(x, 2), tolerance: 0);
        TensorAssert.AreClose(Resize.To(x, 8, 12, InterpolationMode.Bilinear), Resize.Bilinear(x, 4), tolerance: 0);
        TensorAssert.AreClose(Resize.To(x, 6, 9, InterpolationMode.Bicubic), Resize.Bicubic(x, 3), tolerance: 0);
    }

    [TestMethod]
    public void Bicubic_ToTheSameSize_IsAnotherTensorOfTheSameValues()
    {
        using var scope = NewDisposeScope();
        var x = randn(1, 2, 4, 5);

        var y = Resize.Bicubic(x, 4, 5);

        Assert.AreNotSame(x, y);
        TensorAssert.AreClose(x, y, tolerance: 0);
    }
}
