namespace MlComponents.Tests.Distributed;

[TestClass]
public sealed class SingleProcessTests
{
    [TestMethod]
    public void Collectives_OfAGroupOfOne_LeaveTheTensorAsItIs()
    {
        using var scope = NewDisposeScope();
        var group = SingleProcess.Instance;
        var x = tensor(new float[] { 1, 2 });

        group.AllReduce(x, ReduceOp.Mean);
        group.Broadcast(x);
        group.Barrier();

        CollectionAssert.AreEqual(new float[] { 1, 2 }, x.data<float>().ToArray());
        TensorAssert.AreClose(x, group.AllGather(x).Single(), 0);
        Assert.AreEqual((0, 1), (group.Rank, group.WorldSize));
    }

    [TestMethod]
    public void Fit_InAGroup_BroadcastsWeightsAndAveragesEveryGradient()
    {
        using var training = Training.Blobs.Create(32, seed: 1);
        var group = new Recorder();

        using var result = new Trainer(Training.Blobs.Options with { Epochs = 1 }, group).Fit(Training.Blobs.Network, Objective.Multiclass(3), training);

        Assert.AreEqual(4, group.Broadcasts);           // two layers, each with weight and bias, and no buffers
        Assert.AreEqual(4 * 2, group.Means);            // in each of two steps
    }

    private sealed class Recorder : IProcessGroup
    {
        public int Broadcasts { get; private set; }
        public int Means { get; private set; }
        public int Rank => 0;
        public int WorldSize => 1;
        public void AllReduce(Tensor tensor, ReduceOp op) => Means += op == ReduceOp.Mean ? 1 : 0;
        public void Broadcast(Tensor tensor, int root = 0) => Broadcasts++;
        public IReadOnlyList<Tensor> AllGather(Tensor tensor) => [tensor.alias()];
        public void Barrier() { }
        public void Abort(int exitCode) { }
    }
}
