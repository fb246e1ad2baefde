using System.Runtime.InteropServices;

namespace MlComponents.Tests.Training.Memory;

[TestClass]
public sealed class OutOfMemoryTests
{
    private static readonly string[] Halvings =
    [
        "Step 1 ran out of memory with 16 rows: from now on a batch is computed in parts of at most 8 rows.",
        "Step 1 ran out of memory with 8 rows: from now on a batch is computed in parts of at most 4 rows.",
    ];

    [TestMethod]
    public void Fit_WithTooManyRows_HalvesTheBatchAndSaysSo()
    {
        using var training = Blobs.Create(80, seed: 1);
        var warnings = new List<string>();
        var rows = new List<long>();

        using var whole = Fit(training, Blobs.Options);
        using var halved = Fit(training, Warning(warnings), Limit(4, rows));

        AreClose(whole, halved, 1e-5);
        CollectionAssert.AreEqual(Halvings, warnings);
        CollectionAssert.AreEqual(new long[] { 16, 8, 4, 4, 4, 4, 4, 4, 4, 4 }, rows.Take(10).ToList());
        Assert.AreEqual(whole.History[^1].Metrics["train/loss"], halved.History[^1].Metrics["train/loss"], 1e-5);
    }

    [TestMethod]
    public void Fit_WithTooManyRowsInALaterBatch_ForgetsTheGradientsOfTheStep()
    {
        using var training = Blobs.Create(80, seed: 1);
        var warnings = new List<string>();
        var calls = 0;

        using var whole = Fit(training, Blobs.Options);
        using var halved = Fit(training, Warning(warnings) with { BatchSize = 8, AccumulateBatches = 2 }, (_, x) =>
        {
            if (++calls == 2)
                zeros(1L << 50);   // the first batch of the step has its gradients by now
        });

        AreClose(whole, halved, 1e-5);
        CollectionAssert.AreEqual(new[] { "Step 1 ran out of memory with 8 rows: from now on a batch is computed in parts of at most 4 rows." }, warnings);
    }

    [TestMethod]
    public void Fit_AfterHalving_HasTheBitsOfSmallerBatchesFromTheBeginning()
    {
        using var training = Blobs.Create(80, seed: 1);

        using var smaller = Fit(training, Blobs.Options with { BatchSize = 8, AccumulateBatches = 2 }, dropout: 0.3);
        using var halved = Fit(training, Blobs.Options, Limit(8, []), dropout: 0.3);

        CollectionAssert.AreEqual(Bits(smaller), Bits(halved));   // dropout's numbers and batch norm's statistics are those of a single try
    }

    [TestMethod]
    public void Fit_WithTooManyRowsInTheBackwardPass_HalvesTheBatch()
    {
        using var training = Blobs.Create(80, seed: 1);
        var warnings = new List<string>();
        var calls = 0;

        using var whole = Fit(training, Blobs.Options);
        using var halved = Fit(training, Warning(warnings) with { CheckpointBlocks = ["block"] }, (_, x) =>
        {
            if (++calls == 2)
                zeros(1L << 50);   // computed again
        });

        AreClose(whole, halved, 1e-5);
        CollectionAssert.AreEqual(Halvings[..1], warnings);
    }

    [TestMethod]
    public void Fit_WithoutHalving_ThrowsTheError()
    {
        using var training = Blobs.Create(80, seed: 1);

        var error = Assert.ThrowsExactly<ExternalException>(() => Fit(training, Blobs.Options with { HalveBatchWhenOutOfMemory = false }, Limit(4, [])));

        Assert.IsTrue(OutOfDeviceMemory.IsCause(error));
    }

    [TestMethod]
    public void Fit_WithTooLittleForOneRow_ThrowsTheErrorAfterFourHalvings()
    {
        using var training = Blobs.Create(80, seed: 1);
        var warnings = new List<string>();

        var error = Assert.ThrowsExactly<ExternalException>(() => Fit(training, Warning(warnings), Limit(0, [])));

        Assert.IsTrue(OutOfDeviceMemory.IsCause(error));
        Assert.HasCount(4, warnings);
    }

    [TestMethod]
    public void Fit_WithAnotherError_ThrowsIt()
    {
        using var training = Blobs.Create(80, seed: 1);
        var warnings = new List<string>();

        Assert.ThrowsExactly<InvalidOperationException>(() => Fit(training, Warning(warnings), (_, _) => throw new InvalidOperationException("another")));

        Assert.IsEmpty(warnings);
    }

    [TestMethod]
    public void Fit_AfterHalving_LeavesNoTensorBehind()
    {
        using var training = Blobs.Create(80, seed: 1);
        var counts = new Dictionary<long, long>();
        var options = Blobs.Options with { Epochs = 12, Callbacks = [new LambdaCallback { OnStepEnd = e => counts[e.Step] = Tensor.TotalCount }] };
        TensorAssert.LiveCount();

        using var result = Fit(training, options, (call, x) =>
        {
            if (x.shape[0] > (call < 60 ? 8 : 4))   // once more on the way
                zeros(1L << 50);
        });

        Assert.AreEqual(counts[5], counts[55]);
    }

    [TestMethod]
    public void Parts_OfABatch_AreAsEqualAsPossible()
    {
        using var scope = NewDisposeScope();
        using var batch = new Batch([KeyValuePair.Create("features", arange(10)), KeyValuePair.Create("label", -arange(10))]);
        using var small = new Batch([KeyValuePair.Create("features", arange(3)), KeyValuePair.Create("label", -arange(3))]);

        using var cut = new BatchParts([batch, small], largest: 4);

        CollectionAssert.AreEqual(new long[] { 3, 3, 4, 3 }, cut.Parts.Select(part => part.Count).ToList());
        Assert.AreSame(small, cut.Parts[3]);
        TensorAssert.AreClose(arange(10), cat([.. cut.Parts.Take(3).Select(part => part.Features)]), 0);
        TensorAssert.AreClose(-arange(10), cat([.. cut.Parts.Take(3).Select(part => part.Label)]), 0);
    }

    /// <summary>Asks for 4 PiB where there are more rows.</summary>
    private static Action<int, Tensor> Limit(long rows, List<long> seen) => (_, x) =>
    {
        seen.Add(x.shape[0]);
        if (x.shape[0] > rows)
            zeros(1L << 50);
    };

    private static TrainerOptions Warning(List<string> warnings) => Blobs.Options with { Callbacks = [new LambdaCallback { OnWarning = e => warnings.Add(e.Message) }] };

    private static TrainingResult Fit(TensorDataset training, TrainerOptions options, Action<int, Tensor>? beforeCall = null, double dropout = 0) =>
        new Trainer(options with { Optimizer = new Sgd { LearningRate = 0.05, Momentum = 0.9 } }).Fit(
            _ => nn.Sequential(
                ("before", dropout > 0 ? nn.Sequential(nn.BatchNorm1d(2), nn.Dropout(dropout)) : nn.Identity()),
                ("block", new CountedBlock(nn.Linear(2, 8), beforeCall)),
                ("relu", nn.ReLU()),
                ("head", nn.Linear(8, Blobs.Classes))),
            Objective.Multiclass(Blobs.Classes), training);

    private static List<byte> Bits(TrainingResult result) => [.. result.Network.state_dict().SelectMany(pair => pair.Value.bytes.ToArray())];

    private static void AreClose(TrainingResult expected, TrainingResult actual, double tolerance)
    {
        foreach (var (name, tensor) in expected.Network.state_dict())
            TensorAssert.AreClose(tensor, actual.Network.state_dict()[name], tolerance);
    }
}
