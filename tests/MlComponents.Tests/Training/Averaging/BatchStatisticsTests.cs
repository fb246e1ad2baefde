namespace MlComponents.Tests.Training.Averaging;

[TestClass]
public sealed class BatchStatisticsTests
{
    public static IEnumerable<object[]> Cases => Fixture.Cases("averages", "statistics").SelectMany((_, i) => new object[][] { [i, false], [i, true] });

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void Recompute_OverBatches_GivesWhatUpdateBnDoes(int index, bool ours)
    {
        using var scope = NewDisposeScope();
        var sample = Fixture.Cases("averages", "statistics")[index];
        var batches = sample.Tensors("batches").Values.ToList();
        using var network = nn.Sequential(nn.Linear(2, 3), Norm(ours), nn.Linear(3, 3), Norm(ours)).to(batches[0].dtype);
        StateDict.Load(network, sample.Tensors("network"));

        BatchStatistics.Recompute(network, batches.Select(Batch), batch => network.call(batch.Features));

        foreach (var (name, expected) in sample.Tensors("expected"))
            TensorAssert.AreClose(expected, network.state_dict()[name], Fixture.Tolerance(expected));
        Assert.IsFalse(network.training);
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void Recompute_OfALayer_LeavesItsMomentum(bool ours)
    {
        using var scope = NewDisposeScope();
        using var norm = Norm(ours);
        BatchStatistics.Recompute(norm, [Batch(ones(4, 3))], batch => norm.call(batch.Features));   // mean 1

        norm.train();
        norm.call(full([4, 3], 2.0));

        TensorAssert.AreClose(full([3], 1.1), norm.state_dict()["running_mean"], 1e-6);   // 0.9·1 + 0.1·2
    }

    [TestMethod]
    public void Recompute_OfALayerInEvalMode_LeavesItsStatistics()
    {
        using var scope = NewDisposeScope();
        using var network = nn.Sequential(nn.BatchNorm1d(3), nn.BatchNorm1d(3));
        network.children().First().eval();

        BatchStatistics.Recompute(network, [Batch(rand(4, 3) + 5)], batch => network.call(batch.Features));

        TensorAssert.AreClose(zeros(3), network.state_dict()["0.running_mean"], 0);
        Assert.IsGreaterThan(4.0, network.state_dict()["1.running_mean"].min().ToDouble());
    }

    [TestMethod]
    public void Recompute_WithDropout_SeesAllActivationsAndDrawsNothing()
    {
        using var scope = NewDisposeScope();
        using var network = nn.Sequential(nn.Dropout(0.9), nn.BatchNorm1d(3));
        var generator = DefaultGenerator.GetState().data<byte>().ToArray();

        BatchStatistics.Recompute(network, [Batch(ones(4, 3))], batch => network.call(batch.Features));

        TensorAssert.AreClose(ones(3), network.state_dict()["1.running_mean"], 1e-6);
        CollectionAssert.AreEqual(generator, DefaultGenerator.GetState().data<byte>().ToArray());
    }

    private static nn.Module<Tensor, Tensor> Norm(bool ours) => ours ? new BatchNorm().Create(3, 0) : nn.BatchNorm1d(3);

    private static Batch Batch(Tensor features) => new(new Dictionary<string, Tensor> { [MlComponents.Batch.FeaturesName] = features });
}
