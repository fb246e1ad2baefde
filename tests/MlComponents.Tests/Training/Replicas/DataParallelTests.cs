using MlComponents.Tests.Training.Memory;

namespace MlComponents.Tests.Training.Replicas;

[TestClass]
public sealed class DataParallelTests
{
    private static readonly string[] Two = ["cpu", "cpu"];
    private static readonly string[] Three = ["cpu", "cpu", "cpu"];

    [TestMethod]
    [DataRow(2)]
    [DataRow(3)]    // 16 rows aren't divisible
    [DataRow(20)]   // more devices than rows
    public void Fit_OnSeveralDevices_IsFitOnOne(int devices)
    {
        using var training = Blobs.Create(81, seed: 1);   // a last batch of one row
        using var validation = Blobs.Create(30, seed: 2);

        using var one = Fit(training, Blobs.Options, validation);
        using var several = Fit(training, Blobs.Options with { DataParallelDevices = [.. Enumerable.Repeat("cpu", devices)] }, validation);

        AreClose(one, several);
        Assert.AreEqual(one.History[^1].Metrics["validation/loss"], several.History[^1].Metrics["validation/loss"], 1e-5);
    }

    [TestMethod]
    public void Fit_WithTheOtherOptionsOfAStep_IsFitOnOne()
    {
        using var training = Blobs.Create(80, seed: 1);
        var options = Blobs.Options with { BatchSize = 8, AccumulateBatches = 2, MaxGradientNorm = 0.05, MaxGradientValue = 0.02, CheckpointBlocks = ["layers.*"] };

        using var one = Fit(training, options);
        using var several = Fit(training, options with { DataParallelDevices = Two });

        AreClose(one, several);
    }

    [TestMethod]
    public void Fit_WithWeightedAndIgnoredRows_IsFitOnOne()
    {
        using var training = Blobs.Create(80, seed: 1);
        var loss = new CrossEntropy { IgnoreIndex = 2, ClassWeights = [1, 3, 1] };

        using var one = new Trainer(Blobs.Options).Fit(Blobs.Network, Objective.Multiclass(Blobs.Classes, loss), training);
        using var several = new Trainer(Blobs.Options with { DataParallelDevices = Two }).Fit(Blobs.Network, Objective.Multiclass(Blobs.Classes, loss), training);

        AreClose(one, several);
    }

    [TestMethod]
    public void Fit_OnThreeDevices_GivesEachItsRows()
    {
        using var training = Blobs.Create(32, seed: 1);
        var rows = new List<List<long>>();

        using var result = new Trainer(Blobs.Options with { Epochs = 1, DataParallelDevices = Three }).Fit(
            _ =>
            {
                var seen = new List<long>();
                rows.Add(seen);
                return new CountedBlock(nn.Linear(2, Blobs.Classes), (_, x) => seen.Add(x.shape[0]));
            },
            Objective.Multiclass(Blobs.Classes), training);

        Assert.HasCount(3, rows);
        CollectionAssert.AreEqual(new long[] { 6, 6 }, rows[0]);
        CollectionAssert.AreEqual(new long[] { 5, 5 }, rows[1]);
        CollectionAssert.AreEqual(new long[] { 5, 5 }, rows[2]);
    }

    [TestMethod]
    public void Fit_WithBatchNorm_KeepsTheStatisticsOfTheFirstPart()
    {
        using var scope = NewDisposeScope();
        using var training = Blobs.Create(16, seed: 1);
        using var batch = training.Gather([.. Enumerable.Range(0, 16).Select(i => (long)i)]);

        using var result = new Trainer(Blobs.Options with { Epochs = 1, Shuffle = false, DataParallelDevices = Two }).Fit(
            _ => nn.Sequential(("norm", nn.BatchNorm1d(2)), ("linear", nn.Linear(2, Blobs.Classes))), Objective.Multiclass(Blobs.Classes), training);

        TensorAssert.AreClose(0.1 * batch.Features[..8].mean([0]), result.Network.state_dict()["norm.running_mean"], 1e-6);   // a momentum of 0.1
        Assert.AreEqual(1, result.Network.state_dict()["norm.num_batches_tracked"].item<long>());
    }

    [TestMethod]
    public void Fit_OfANetworkWithAuxiliaryHeads_IsFitOnOne()
    {
        using var training = Blobs.Create(80, seed: 1);

        using var one = new Trainer(Blobs.Options).Fit(_ => new TwoHeads(), Objective.Multiclass(Blobs.Classes), training);
        using var several = new Trainer(Blobs.Options with { DataParallelDevices = Two }).Fit(_ => new TwoHeads(), Objective.Multiclass(Blobs.Classes), training);

        AreClose(one, several);
        Assert.AreEqual(one.History[^1].Metrics["train/loss/auxiliary-head-1"], several.History[^1].Metrics["train/loss/auxiliary-head-1"], 1e-5);
    }

    [TestMethod]
    public void Fit_WithoutMemoryForAllRowsOfADevice_HalvesTheBatch()
    {
        using var training = Blobs.Create(80, seed: 1);
        var warnings = new List<string>();
        var options = Blobs.Options with { DataParallelDevices = Two, Callbacks = [new LambdaCallback { OnWarning = e => warnings.Add(e.Message) }] };

        using var one = new Trainer(Blobs.Options).Fit(_ => Create(8), Objective.Multiclass(Blobs.Classes), training);
        using var several = new Trainer(options).Fit(_ => Create(4), Objective.Multiclass(Blobs.Classes), training);

        AreClose(one, several);
        CollectionAssert.AreEqual(new[] { "Step 1 ran out of memory with 16 rows: from now on a batch is computed in parts of at most 8 rows." }, warnings);

        static CountedBlock Create(long limit) => new(nn.Linear(2, Blobs.Classes), (_, x) =>
        {
            if (x.shape[0] > limit)
                zeros(1L << 50);
        });
    }

    [TestMethod]
    public void Fit_WithDropout_DrawsAsManyInitialNumbersAsOnOneDevice()
    {
        using var training = Blobs.Create(80, seed: 1);
        var states = new List<byte[]>();
        var options = Blobs.Options with { Epochs = 1, Callbacks = [new LambdaCallback { OnTrainStart = _ => states.Add(Generator()) }] };

        using var one = Fit(training, options);
        using var several = Fit(training, options with { DataParallelDevices = Two });

        CollectionAssert.AreEqual(states[0], states[1]);

        static byte[] Generator()
        {
            using var state = DefaultGenerator.GetState();
            return state.bytes.ToArray();
        }
    }

    [TestMethod]
    public void Fit_OnSeveralDevices_LeavesNoTensorBehind()
    {
        using var training = Blobs.Create(80, seed: 1);
        var counts = new Dictionary<long, long>();
        var options = Blobs.Options with { Epochs = 12, DataParallelDevices = Three, Callbacks = [new LambdaCallback { OnStepEnd = e => counts[e.Step] = Tensor.TotalCount }] };
        TensorAssert.LiveCount();

        using var result = Fit(training, options);

        Assert.AreEqual(counts[10], counts[55]);
    }

    [TestMethod]
    public void Fit_OnADeviceThatIsNotThere_SaysSo()
    {
        using var training = Blobs.Create(80, seed: 1);

        var error = Assert.ThrowsExactly<ArgumentException>(() => Fit(training, Blobs.Options with { DataParallelDevices = ["cpu", "tpu"] }));

        Assert.StartsWith("There is no device 'tpu'; allowed are auto, cpu, cuda and cuda:N.", error.Message);
    }

    [TestMethod]
    public void Fit_OfANetworkWithSeveralInputs_SaysWhatIsSupported()
    {
        using var training = Blobs.Create(80, seed: 1);

        var error = Assert.ThrowsExactly<ArgumentException>(() =>
            new Trainer(Blobs.Options with { DataParallelDevices = Two }).Fit(_ => new TwoInputs(), Objective.Multiclass(Blobs.Classes), training));

        Assert.AreEqual(
            "The network TwoInputs is a Module`3, but DataParallelDevices divides the batches of a Module<Tensor, Tensor> only: leave it empty.", error.Message);
    }

    [TestMethod]
    public void Options_WithAnotherFirstDevice_AreRefused()
    {
        var error = Assert.ThrowsExactly<System.ComponentModel.DataAnnotations.ValidationException>(() => new Trainer(new() { Device = "cpu", DataParallelDevices = ["cuda:0", "cuda:1"] }));

        Assert.AreEqual("TrainerOptions: Device is 'cpu', but the first of DataParallelDevices is 'cuda:0': they must be the same, or Device must be 'auto'.", error.Message);
    }

    [TestMethod]
    public void Options_WithCheckpointBlocksOnSeveralGpus_AreRefused()
    {
        var error = Assert.ThrowsExactly<System.ComponentModel.DataAnnotations.ValidationException>(
            () => new Trainer(new() { DataParallelDevices = ["cuda:0", "cuda:1"], CheckpointBlocks = ["layers.*"] }));

        Assert.AreEqual(
            "TrainerOptions: CheckpointBlocks can't repeat the random numbers of several devices at once: leave it or DataParallelDevices empty, or use 'cpu' alone.", error.Message);
    }

    private static TrainingResult Fit(TensorDataset training, TrainerOptions options, TensorDataset? validation = null) =>
        new Trainer(options with { Optimizer = new Sgd { LearningRate = 0.05, Momentum = 0.9 } }).Fit(Blobs.Network, Objective.Multiclass(Blobs.Classes), training, validation);

    private static void AreClose(TrainingResult expected, TrainingResult actual)
    {
        foreach (var (name, tensor) in expected.Network.state_dict())
            TensorAssert.AreClose(tensor, actual.Network.state_dict()[name], 1e-5);
    }

    private sealed class TwoHeads : nn.Module<Tensor, Tensor>, IAuxiliaryHeads
    {
        private readonly nn.Module<Tensor, Tensor> body = nn.Linear(2, 8);
        private readonly nn.Module<Tensor, Tensor> main = nn.Linear(8, Blobs.Classes);
        private readonly nn.Module<Tensor, Tensor> auxiliary = nn.Linear(8, Blobs.Classes);

        public TwoHeads() : base(nameof(TwoHeads)) => RegisterComponents();

        public double AuxiliaryWeight => 0.4;

        public IReadOnlyList<Tensor> Heads(Tensor x)
        {
            var features = body.call(x);
            return [main.call(features), auxiliary.call(features)];
        }

        public override Tensor forward(Tensor x) => main.call(body.call(x));
    }

    private sealed class TwoInputs : nn.Module<Tensor, Tensor, Tensor>
    {
        private readonly nn.Module<Tensor, Tensor> linear = nn.Linear(2, Blobs.Classes);

        public TwoInputs() : base(nameof(TwoInputs)) => RegisterComponents();

        public override Tensor forward(Tensor x, Tensor y) => linear.call(x + y);
    }
}
