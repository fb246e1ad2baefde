namespace MlComponents.Tests.Tensors;

[TestClass]
public sealed class TensorFunctionsTests
{
    public static IEnumerable<object[]> Reductions => Enum.GetValues<SegmentReduction>().Select(reduction => new object[] { reduction });

    [TestMethod]
    [DynamicData(nameof(Reductions))]
    public void SegmentReduce_InEitherForm_IsTheSame(SegmentReduction reduction)
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        var x = randn([2, 5, 3], ScalarType.Float64);
        var index = tensor(new long[] { 0, 0, 1, 3, 3, 1, 2, 2, 2, 3 }, [2, 5]);
        var offsets = tensor(new long[] { 0, 2, 3, 3, 5, 0, 0, 1, 4, 5 }, [2, 5]);

        var byIndex = TensorFunctions.SegmentReduceCoo(x, index, 4, reduction);
        var byOffsets = TensorFunctions.SegmentReduceCsr(x, offsets, reduction);
        var byElement = TensorFunctions.ScatterReduce(x, index.unsqueeze(2).expand(2, 5, 3), -2, 4, reduction);

        CollectionAssert.AreEqual(new long[] { 2, 4, 3 }, byIndex.shape);
        TensorAssert.AreClose(byIndex, byOffsets, 0);
        TensorAssert.AreClose(byIndex, byElement, 0);
    }

    [TestMethod]
    [DynamicData(nameof(Reductions))]
    public void SegmentReduce_InAnyOrderOfItsSlices_HasTheGradientOfDifferences(SegmentReduction reduction)
    {
        using var scope = NewDisposeScope();
        manual_seed(2);
        var x = randn([2, 6, 2], ScalarType.Float64);
        var index = tensor(new long[] { 2, 0, 2, 0, 0, 3, 3, 3, 3, 3, 3, 3 }, [2, 6]);
        var offsets = tensor(new long[] { 1, 1, 5, 0, 3, 6 }, [2, 3]);

        TensorAssert.GradientMatchesDifferences(at => Weighted(TensorFunctions.SegmentReduceCoo(at, index, 5, reduction)), x);
        TensorAssert.GradientMatchesDifferences(at => Weighted(TensorFunctions.SegmentReduceCsr(at, offsets, reduction)), x);
        TensorAssert.GradientMatchesDifferences(at => Weighted(TensorFunctions.ScatterReduce(at[0], index.view(6, 2) % 2, 0, 2, reduction)), x);

        static Tensor Weighted(Tensor y) => (y * linspace(1, 3, y.numel(), ScalarType.Float64).view(y.shape)).sum();
    }

    [TestMethod]
    public void Product_WithZeros_HasTheGradientOfDifferences()
    {
        using var scope = NewDisposeScope();
        var x = tensor(new double[] { 0, 2, 3, 0, 0, 4, 0, 5, 6, 7 });
        var index = tensor(new long[] { 0, 0, 0, 1, 1, 1, 2, 3, 3, 3 });   // one zero, two, a zero alone, none

        TensorAssert.GradientMatchesDifferences(at => TensorFunctions.SegmentReduceCoo(at, index, 5, SegmentReduction.Product).sum(), x);
    }

    [TestMethod]
    [DataRow(SegmentReduction.Minimum)]
    [DataRow(SegmentReduction.Maximum)]
    public void Extreme_WithTies_SharesTheGradientEvenly(SegmentReduction reduction)
    {
        using var scope = NewDisposeScope();
        var sign = reduction == SegmentReduction.Maximum ? 1 : -1;
        var values = sign * tensor(new float[] { 2, 2, 1, 0, -1, 0, 3 });
        var x = values.requires_grad_();
        var index = tensor(new long[] { 0, 0, 0, 1, 1, 1, 3 });

        var y = TensorFunctions.SegmentReduceCoo(x, index, 4, reduction);
        y.sum().backward();

        TensorAssert.AreClose(sign * tensor(new float[] { 2, 0, 0, 3 }), y, 0);
        TensorAssert.AreClose(tensor(new[] { 0.5f, 0.5f, 0, 0.5f, 0, 0.5f, 1 }), x.grad!, 0);
    }

    [TestMethod]
    [DynamicData(nameof(Reductions))]
    public void SegmentReduceCsr_WithNaNOutsideTheSegments_GivesItAGradientOfZero(SegmentReduction reduction)
    {
        using var scope = NewDisposeScope();
        var x = tensor(new[] { double.NaN, 1, 2, double.PositiveInfinity }).requires_grad_();

        var y = TensorFunctions.SegmentReduceCsr(x, tensor(new long[] { 1, 3 }), reduction);
        y.sum().backward();

        Assert.IsTrue(y.isfinite().all().item<bool>());
        Assert.AreEqual(0.0, x.grad![0].item<double>());
        Assert.AreEqual(0.0, x.grad![3].item<double>());
        Assert.IsTrue(x.grad!.narrow(0, 1, 2).isfinite().all().item<bool>());
    }

    [TestMethod]
    [DynamicData(nameof(Reductions))]
    public void SegmentReduceCoo_OfNoSlices_GivesWhatEmptySegmentsHave(SegmentReduction reduction)
    {
        using var scope = NewDisposeScope();

        var y = TensorFunctions.SegmentReduceCoo(zeros(0, 2), zeros(0, ScalarType.Int64), 3, reduction);

        TensorAssert.AreClose(full(3, 2, reduction == SegmentReduction.Product ? 1f : 0f), y, 0);
    }

    [TestMethod]
    [DynamicData(nameof(Reductions))]
    public void EachFunction_LeavesOnlyItsResult(SegmentReduction reduction)
    {
        using var scope = NewDisposeScope();
        var (x, places) = (randn(4, 2), zeros([4, 2], ScalarType.Int64));
        var (index, offsets) = (tensor(new long[] { 0, 1, 1, 0 }), tensor(new long[] { 0, 1, 4 }));

        TensorAssert.LeavesOnly(1, () => TensorFunctions.SegmentReduceCoo(x, index, 2, reduction));
        TensorAssert.LeavesOnly(1, () => TensorFunctions.SegmentReduceCsr(x, offsets, reduction));
        TensorAssert.LeavesOnly(1, () => TensorFunctions.ScatterReduce(x, places, 0, 2, reduction));
        TensorAssert.LeavesOnly(1, () => TensorFunctions.BinCount(index, 3));
    }

    [TestMethod]
    public void BinCount_AlongTheLastDimension_CountsEachLine()
    {
        using var scope = NewDisposeScope();
        var x = tensor(new long[] { 0, 2, 2, 1, 1, 1 }, [2, 3]);
        var weights = tensor(new float[] { 1, 2, 3, 4, 5, 6 }, [2, 3]).requires_grad_();

        var counts = TensorFunctions.BinCount(x, 4);
        var sums = TensorFunctions.BinCount(x, 4, weights);
        (sums * arange(8, ScalarType.Float32).view(2, 4)).sum().backward();

        TensorAssert.AreClose(tensor(new long[] { 1, 0, 2, 0, 0, 3, 0, 0 }, [2, 4]), counts, 0);
        TensorAssert.AreClose(tensor(new float[] { 1, 0, 5, 0, 0, 15, 0, 0 }, [2, 4]), sums, 0);
        TensorAssert.AreClose(tensor(new float[] { 0, 2, 2, 5, 5, 5 }, [2, 3]), weights.grad!, 0);
    }

    [TestMethod]
    public void EachFunction_OfWhatDoesntFit_SaysWhy()
    {
        using var scope = NewDisposeScope();
        var (x, index) = (ones(4, 2), tensor(new long[] { 0, 1, 1, 3 }));

        Says("ScatterReduce takes one index per number, but the numbers have the shape [4, 2] and the indices [4]. (Parameter 'index')",
            () => TensorFunctions.ScatterReduce(x, index, 0, 4, SegmentReduction.Sum));
        Says("ScatterReduce was given the dimension 1, but the shape [4] has 1: allowed is -1 to 0.", () => TensorFunctions.ScatterReduce(x[.., 0], index, 1, 4, SegmentReduction.Sum));
        Says("ScatterReduce takes whole numbers of the type Int64, but these are Float32: convert them first.", () => TensorFunctions.ScatterReduce(x, x, 0, 4, SegmentReduction.Sum));
        Says("ScatterReduce was given the index 3, but with a size of 3 an index is at least 0 and at most 2.", () => TensorFunctions.ScatterReduce(x[.., 0], index, 0, 3, SegmentReduction.Sum));
        Says("SegmentReduceCoo was given the index -1, but with a size of 4 an index is at least 0 and at most 3.", () => TensorFunctions.SegmentReduceCoo(x, index - 1, 4, SegmentReduction.Sum));
        Says("SegmentReduceCoo takes one index per slice, but the numbers have the shape [4, 2] and the indices [3], which isn't the start of it. (Parameter 'index')",
            () => TensorFunctions.SegmentReduceCoo(x, index[..3], 4, SegmentReduction.Sum));
        Says("SegmentReduceCoo takes the mean of floating point numbers, but these are Int64: convert them to Float32 first.",
            () => TensorFunctions.SegmentReduceCoo(index, index, 4, SegmentReduction.Mean));
        Says("SegmentReduceCsr takes numbers [B..., L, F...] and offsets [B..., S + 1] for S segments, at least 1, but the numbers have the shape [4, 2] and the offsets [1]. (Parameter 'offsets')",
            () => TensorFunctions.SegmentReduceCsr(x, index[..1], SegmentReduction.Sum));
        Says("SegmentReduceCsr takes offsets that never fall, but one is smaller than the one before it. (Parameter 'offsets')",
            () => TensorFunctions.SegmentReduceCsr(x, index.flip(0), SegmentReduction.Sum));
        Says("BinCount was given the index 3, but with a size of 2 an index is at least 0 and at most 1.", () => TensorFunctions.BinCount(index, 2));

        static void Says(string message, Func<Tensor> function) => Assert.AreEqual(message, Assert.ThrowsExactly<ArgumentException>(function).Message);
    }
}
