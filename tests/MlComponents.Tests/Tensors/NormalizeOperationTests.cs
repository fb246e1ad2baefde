namespace MlComponents.Tests.Tensors;

[TestClass]
public sealed class NormalizeOperationTests
{
    [TestMethod]
    [DataRow("layer-normalize")]
    [DataRow("instance-normalize")]
    [DataRow("group-normalize")]
    public void Apply_AndItsGradient_EqualPyTorch(string name)
    {
        var cases = Fixture.Cases("normalize", "operations").Where(@case => @case.GetProperty("operation").GetProperty("name").GetString() == name).ToList();

        Assert.IsGreaterThanOrEqualTo(4, cases.Count);
        foreach (var @case in cases)
        {
            using var scope = NewDisposeScope();
            var operation = @case.Component<OperationDefinition>("operation");
            var x = @case.Tensor("input").requires_grad_();
            var y = operation.Apply([x]);
            (y * @case.Tensor("weight")).sum().backward();

            TensorAssert.AreClose(@case.Tensor("output"), y, Fixture.Tolerance(x));
            TensorAssert.AreClose(@case.Tensor("gradient"), x.grad!, Fixture.Tolerance(x));
            Assert.AreEqual(operation.Infer([Spec(x)]).ToString(), Spec(y).ToString());
        }
    }

    [TestMethod]
    public void Gradient_InFloat64_MatchesDifferences()
    {
        using var scope = NewDisposeScope();
        var x = tensor(new[] { 1.0, -2, 0.5, 4, 3, 2, 7, -1 }).view(1, 4, 2);
        var weight = tensor(new[] { 1.0, 2, -3, 4, 5, -6, 7, 8 }).view(1, 4, 2);

        foreach (OperationDefinition operation in new OperationDefinition[] { new LayerNormalize { Dimensions = 1 }, new InstanceNormalize(), new GroupNormalize { Groups = 2 } })
            TensorAssert.GradientMatchesDifferences(at => (operation.Apply([at]) * weight).sum(), x, tolerance: 1e-5);
    }

    [TestMethod]
    public void Apply_OfWholeNumbers_GivesFloat32()
    {
        using var scope = NewDisposeScope();

        var y = new LayerNormalize { Epsilon = 1e-12 }.Apply([tensor(new long[] { 1, 3, 10, 30 }).view(2, 2)]);

        TensorAssert.AreClose(tensor(new[] { -1f, 1, -1, 1 }).view(2, 2), y, tolerance: 1e-6);
        Assert.AreEqual(ScalarType.Float32, y.dtype);
    }

    [TestMethod]
    public void Apply_OfLargeWholeNumbers_TellsThemApart()
    {
        using var scope = NewDisposeScope();

        var y = new LayerNormalize { Epsilon = 1e-12 }.Apply([tensor(new long[] { 1_700_000_000, 1_700_000_002 }).view(1, 2)]);   // one and the same float32

        TensorAssert.AreClose(tensor(new[] { -1f, 1 }).view(1, 2), y, tolerance: 1e-6);
    }

    [TestMethod]
    [DataRow(0.1f, 3)]
    [DataRow(12345.678f, 7)]
    [DataRow(3e12f / 7, 3)]
    public void Apply_OfEqualNumbers_GivesZeros(float number, int count)
    {
        using var scope = NewDisposeScope();

        var y = new LayerNormalize().Apply([full([2, count], number)]);

        Assert.AreEqual(0, y.abs().max().item<float>());
    }

    [TestMethod]
    public void Apply_OfNaNInOneGroup_LeavesTheOthers()
    {
        using var scope = NewDisposeScope();

        var y = new InstanceNormalize { Epsilon = 1e-12 }.Apply([tensor(new[] { 1.0, double.NaN, 1, 3 }).view(1, 2, 2)]).view(2, 2);

        Assert.IsTrue(y[0].isnan().all().item<bool>());
        TensorAssert.AreClose(tensor(new[] { -1.0, 1 }), y[1], tolerance: 1e-9);
    }

    [TestMethod]
    public void Apply_LeavesOnlyItsResult() => TensorAssert.LeavesOnly(2, () => new GroupNormalize { Groups = 2 }.Apply([ones(3, 4, 5)]));   // and its input

    [TestMethod]
    public void Infer_OfWhatItCantTake_SaysWhatIsAllowed()
    {
        Refuses(new LayerNormalize(), "LayerNormalize takes 1 input, but got 2.", new(ScalarType.Float32, [3]), new(ScalarType.Float32, [3]));
        Refuses(new LayerNormalize(), "LayerNormalize takes numbers, but its input is Bool: convert it first.", new TensorSpec(ScalarType.Bool, [3]));
        Refuses(new LayerNormalize(), "LayerNormalize takes rows of at least 1 dimension, but these have [].", new TensorSpec(ScalarType.Float32, []));
        Refuses(new LayerNormalize { Dimensions = 3 }, "LayerNormalize takes rows of at least 3 dimensions, but these have [2, 4].", new TensorSpec(ScalarType.Float32, [2, 4]));
        Refuses(new LayerNormalize { Dimensions = 1 }, "LayerNormalize needs at least 2 numbers that are normalized together, but the shape [4, 1] has 4 in 4: one alone would always give 0.",
            new TensorSpec(ScalarType.Float32, [4, 1]));
        Refuses(new InstanceNormalize(), "InstanceNormalize takes rows of channels and positions, such as [C, L] or [C, H, W], but these have [5].", new TensorSpec(ScalarType.Float32, [5]));
        Refuses(new GroupNormalize { Groups = 3 }, "GroupNormalize takes rows with the channels first, whose number can be divided by the 3 groups, but these have [4, 2].",
            new TensorSpec(ScalarType.Float32, [4, 2]));
    }

    private static void Refuses(OperationDefinition operation, string message, params TensorSpec[] inputs)
    {
        var e = Assert.ThrowsExactly<ArgumentException>(() => operation.Infer(inputs));

        Assert.AreEqual(message, e.Message);
    }

    private static TensorSpec Spec(Tensor rows) => new(rows.dtype, rows.shape[1..]);
}
