using TorchSharp.Modules;

namespace MlComponents.Tests.Training.Optimizers;

[TestClass]
public sealed class GradientsTests
{
    [TestMethod]
    [DataRow(ScalarType.Float32, 1.0)]
    [DataRow(ScalarType.Float32, 1000.0)]
    [DataRow(ScalarType.Float64, 1.0)]
    [DataRow(ScalarType.Float64, 1000.0)]
    public void Clip_EqualsClipGradNorm(ScalarType type, double maximum)
    {
        using var scope = NewDisposeScope();
        var ours = Parameters(type);
        var theirs = Parameters(type);

        var norm = new Gradients(ours).Clip(maximum);
        var expected = nn.utils.clip_grad_norm_(theirs, maximum);

        TensorAssert.AreClose(expected, norm, type == ScalarType.Float32 ? 1e-6 : 1e-12);
        for (var i = 0; i < ours.Length; i++)
            TensorAssert.AreClose(theirs[i].grad!, ours[i].grad!, type == ScalarType.Float32 ? 1e-6 : 1e-12);
    }

    [TestMethod]
    public void Clip_OfALargerNorm_ScalesToTheMaximum()
    {
        using var scope = NewDisposeScope();
        var a = new Parameter(zeros(1)) { grad = tensor([3f]) };
        var b = new Parameter(zeros(1)) { grad = tensor([4f]) };

        var norm = new Gradients([a, b]).Clip(1);

        TensorAssert.AreClose(5, norm, 1e-6);
        TensorAssert.AreClose(tensor([0.6f]), a.grad!, 1e-6);
        TensorAssert.AreClose(tensor([0.8f]), b.grad!, 1e-6);
    }

    [TestMethod]
    public void Clip_WithoutMaximum_OnlyMeasures()
    {
        using var scope = NewDisposeScope();
        var a = new Parameter(zeros(2)) { grad = tensor([3e6f, -4e6f]) };

        var norm = new Gradients([a]).Clip(null);

        TensorAssert.AreClose(5e6, norm, 1e-6);
        TensorAssert.AreClose(tensor([3e6f, -4e6f]), a.grad!, 0);
    }

    [TestMethod]
    public void Clip_SkipsParametersWithoutGradient()
    {
        using var scope = NewDisposeScope();
        var a = new Parameter(zeros(1)) { grad = tensor([2f]) };
        var b = new Parameter(zeros(1));

        TensorAssert.AreClose(2, new Gradients([a, b]).Clip(1), 1e-6);
        TensorAssert.AreClose(0, new Gradients([b]).Clip(1), 0);
    }

    [TestMethod]
    [DataRow(float.NaN, double.NaN)]
    [DataRow(float.PositiveInfinity, double.PositiveInfinity)]
    public void Clip_OfANonFiniteGradient_SaysSo(float value, double expected)
    {
        using var scope = NewDisposeScope();
        var a = new Parameter(zeros(2)) { grad = tensor([1f, value]) };
        var b = new Parameter(zeros(1)) { grad = tensor([1f]) };

        Assert.AreEqual(expected, new Gradients([a, b]).Clip(null).ToDouble());
    }

    [TestMethod]
    public void Clip_OfANaN_MakesAllGradientsNaNAsClipGradNormDoes()
    {
        using var scope = NewDisposeScope();
        var a = new Parameter(zeros(2)) { grad = tensor([1f, float.NaN]) };

        new Gradients([a]).Clip(1);

        Assert.IsTrue(a.grad!.isnan().all().item<bool>());
    }

    [TestMethod]
    public void Clip_OfAStridedGradient_MeasuresAndScalesItAll()
    {
        using var scope = NewDisposeScope();
        var a = new Parameter(zeros(2, 3).t()) { grad = full(2, 3, 2f).t() };

        var norm = new Gradients([a]).Clip(1);

        TensorAssert.AreClose(Math.Sqrt(24), norm, 1e-6);
        TensorAssert.AreClose(full(3, 2, (float)(2 / Math.Sqrt(24))), a.grad!, 1e-6);
    }

    [TestMethod]
    public void Clip_LeavesOnlyTheNorm()
    {
        using var scope = NewDisposeScope();
        var parameters = Parameters(ScalarType.Float32);

        var gradients = new Gradients(parameters);

        TensorAssert.LeavesOnly(1, () => gradients.Clip(1));
        TensorAssert.LeavesOnly(1, () => gradients.Clip(null));
    }

    [TestMethod]
    public void AverageOver_SeveralProcesses_ReducesEveryGradientToItsMean()
    {
        using var scope = NewDisposeScope();
        var a = new Parameter(zeros(1)) { grad = tensor([3f]) };
        var b = new Parameter(zeros(1));
        var group = new HalvingGroup();

        new Gradients([a, b]).AverageOver(group);

        TensorAssert.AreClose(tensor([1.5f]), a.grad!, 0);
        Assert.AreEqual(1, group.Calls);
    }

    private static Parameter[] Parameters(ScalarType type)
    {
        using var generator = new Generator(5);
        long[][] shapes = [[40, 30], [30], []];
        return [.. shapes.Select(shape => new Parameter(zeros(shape, type)) { grad = randn(shape, type, generator: generator) })];
    }

    /// <summary>Two ranks, of which the other one has gradients of zero.</summary>
    private sealed class HalvingGroup : IProcessGroup
    {
        public int Calls { get; private set; }

        public int Rank => 0;

        public int WorldSize => 2;

        public void AllReduce(Tensor tensor, ReduceOp op)
        {
            Assert.AreEqual(ReduceOp.Mean, op);
            Calls++;
            using var mode = no_grad();
            tensor.mul_(0.5);
        }

        public void Broadcast(Tensor tensor, int root = 0) => throw new NotSupportedException();

        public IReadOnlyList<Tensor> AllGather(Tensor tensor) => throw new NotSupportedException();

        public void Barrier() => throw new NotSupportedException();

        public void Abort(int exitCode) => throw new NotSupportedException();
    }
}
