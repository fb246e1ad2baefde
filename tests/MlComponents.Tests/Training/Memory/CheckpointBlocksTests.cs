namespace MlComponents.Tests.Training.Memory;

[TestClass]
public sealed class CheckpointBlocksTests
{
    [TestMethod]
    public void Fit_WithThem_GivesTheSameBitsForMoreCalls()
    {
        using var training = Blobs.Create(96, seed: 1);

        var (plain, plainCalls) = Fit(training, Blobs.Options);
        var (recomputed, calls) = Fit(training, Blobs.Options with { CheckpointBlocks = ["block"] });

        using (plain)
        using (recomputed)
        {
            CollectionAssert.AreEqual(Bits(plain.Network), Bits(recomputed.Network));
            Assert.AreEqual(18, plainCalls);
            Assert.AreEqual(36, calls);
        }
    }

    [TestMethod]
    public void Fit_WithThem_GivesANetworkWithoutHooks()
    {
        using var scope = NewDisposeScope();
        using var training = Blobs.Create(96, seed: 1);
        CountedBlock? block = null;

        using var result = new Trainer(Blobs.Options with { CheckpointBlocks = ["block"] }).Fit(_ => Create(block = Counted()), Objective.Multiclass(Blobs.Classes), training);
        var calls = block!.Calls;
        result.Network.train();
        ((nn.Module<Tensor, Tensor>)result.Network).call(zeros(4, 2)).sum().backward();

        Assert.AreEqual(calls + 1, block.Calls);
    }

    [TestMethod]
    public void Fit_OfABlockThatThrowsTheSecondTime_ThrowsThatAndTellsTheCallbacks()
    {
        using var training = Blobs.Create(96, seed: 1);
        var error = new InvalidOperationException("the second time");
        Exception? told = null;
        var options = Blobs.Options with { CheckpointBlocks = ["block"], Callbacks = [new LambdaCallback { OnTrainEnd = e => told = e.Error }] };

        var thrown = Assert.ThrowsExactly<InvalidOperationException>(() => new Trainer(options).Fit(
            _ => Create(new CountedBlock(nn.Linear(2, 8), (call, _) => { if (call == 2) throw error; })), Objective.Multiclass(Blobs.Classes), training));

        Assert.AreSame(error, thrown);
        Assert.AreSame(error, told);
        Assert.IsTrue(is_grad_enabled());
    }

    [TestMethod]
    public void Fit_WithThem_LeavesNoTensorBehind()
    {
        using var training = Blobs.Create(96, seed: 1);
        var counts = new Dictionary<long, long>();
        var options = Blobs.Options with { Epochs = 12, CheckpointBlocks = ["block"], Callbacks = [new LambdaCallback { OnStepEnd = e => counts[e.Step] = Tensor.TotalCount }] };
        TensorAssert.LiveCount();

        using var result = new Trainer(options).Fit(_ => Create(Counted()), Objective.Multiclass(Blobs.Classes), training);

        Assert.AreEqual(counts[20], counts[70]);
    }

    [TestMethod]
    public void Fit_OfAPatternThatMeansNothing_IsRefused()
    {
        using var training = Blobs.Create(96, seed: 1);

        var error = Assert.ThrowsExactly<ArgumentException>(() =>
            new Trainer(Blobs.Options with { CheckpointBlocks = ["nothing.*"] }).Fit(Blobs.Network, Objective.Multiclass(Blobs.Classes), training));

        Assert.StartsWith("The pattern 'nothing.*' means none of the modules of the network", error.Message);
    }

    private static (TrainingResult Result, int Calls) Fit(TensorDataset training, TrainerOptions options)
    {
        CountedBlock? block = null;
        var result = new Trainer(options).Fit(_ => Create(block = Counted()), Objective.Multiclass(Blobs.Classes), training);
        return (result, block!.Calls);
    }

    private static CountedBlock Counted() => new(nn.Sequential(nn.Linear(2, 8), nn.BatchNorm1d(8), nn.ReLU(), nn.Dropout(0.2)));

    private static nn.Module<Tensor, Tensor> Create(CountedBlock block) => nn.Sequential(("block", block), ("head", nn.Linear(8, Blobs.Classes)));

    private static List<byte> Bits(nn.Module network) => [.. network.state_dict().SelectMany(pair => pair.Value.bytes.ToArray())];
}
