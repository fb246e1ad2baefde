namespace MlComponents.Tests.Training;

[TestClass]
public sealed class AccumulationTests
{
    [TestMethod]
    [DataRow(Reduction.Mean)]
    [DataRow(Reduction.Sum)]
    public void AccumulateBatches_FourOfFour_EqualOneOfSixteen(Reduction reduction)
    {
        using var rows = Blobs.Create(80, seed: 1);
        using var weighted = Weighted(rows);

        using var whole = Fit(weighted, new CrossEntropy { Reduction = reduction }, batchSize: 16, batches: 1);
        using var parts = Fit(weighted, new CrossEntropy { Reduction = reduction }, batchSize: 4, batches: 4);

        AreEqual(whole, parts, 1e-6);
    }

    [TestMethod]
    public void AccumulateBatches_WithIgnoredLabels_WeighsEachBatchByWhatCounts()
    {
        using var rows = Blobs.Create(80, seed: 1);

        using var whole = Fit(rows, new CrossEntropy { IgnoreIndex = 2 }, batchSize: 16, batches: 1);
        using var parts = Fit(rows, new CrossEntropy { IgnoreIndex = 2 }, batchSize: 1, batches: 16);   // some batches count nothing

        AreEqual(whole, parts, 1e-6);
    }

    [TestMethod]
    public void AccumulateBatches_OfALossWithTerms_ReportsTheirMeans()
    {
        using var rows = Blobs.Create(80, seed: 1);
        var loss = new WeightedSum { Terms = [new() { Term = "a", Loss = new CrossEntropy(), Weight = 0.5 }, new() { Term = "b", Loss = new Focal(), Weight = 2 }] };

        using var whole = Fit(rows, loss, batchSize: 16, batches: 1);
        using var parts = Fit(rows, loss, batchSize: 4, batches: 4);

        AreEqual(whole, parts, 1e-6);
        foreach (var (name, value) in whole.History[0].Metrics)
            Assert.AreEqual(value, parts.History[0].Metrics[name], 1e-5, name);
    }

    [TestMethod]
    [DataRow(Reduction.Mean)]
    [DataRow(Reduction.Sum)]
    public void AccumulateBatches_OfTermsInWhichOtherLabelsCount_WeighsEachByItsOwn(Reduction reduction)
    {
        using var rows = Blobs.Create(80, seed: 1);
        var loss = new WeightedSum
        {
            Reduction = reduction,
            Terms =
            [
                new() { Term = "all", Loss = new CrossEntropy() },
                new() { Term = "some", Loss = new CrossEntropy { IgnoreIndex = 1 }, Weight = 0.5 },
                new() { Term = "weighted", Loss = new CrossEntropy { ClassWeights = [1, 5, 20] } },
            ],
        };

        var rate = reduction == Reduction.Sum ? 0.02 / 16 : 0.02;   // a sum of 16 rows has 16 times the gradient: at the same rate the weights jump, and rounding grows with each step

        using var whole = Fit(rows, loss, batchSize: 16, batches: 1, rate);
        using var parts = Fit(rows, loss, batchSize: 2, batches: 8, rate);

        AreEqual(whole, parts, 1e-6);
        foreach (var (name, value) in whole.History[0].Metrics)
            Assert.AreEqual(value, parts.History[0].Metrics[name], 1e-5 * Math.Max(1, Math.Abs(value)), name);
    }

    [TestMethod]
    public void AccumulateBatches_WithARaggedEnd_StepsByWhatIsLeft()
    {
        using var training = Blobs.Create(40, seed: 1);
        var rows = new List<int>();
        var options = Blobs.Options with { Epochs = 1, BatchSize = 4, AccumulateBatches = 4, Callbacks = [new LambdaCallback { OnStepEnd = e => rows.Add(e.Rows) }] };

        using var result = new Trainer(options).Fit(Blobs.Network, Objective.Multiclass(Blobs.Classes), training);

        CollectionAssert.AreEqual(new[] { 16, 16, 8 }, rows);
    }

    [TestMethod]
    public void AccumulateBatches_LeavesNoTensorBehind()
    {
        using var training = Blobs.Create(64, seed: 1);
        var counts = new Dictionary<long, long>();
        var options = Blobs.Options with { Epochs = 20, BatchSize = 4, AccumulateBatches = 4, Callbacks = [new LambdaCallback { OnStepEnd = e => counts[e.Step] = Tensor.TotalCount }] };
        TensorAssert.LiveCount();

        using var result = new Trainer(options).Fit(Blobs.Network, Objective.Multiclass(Blobs.Classes), training);

        Assert.AreEqual(counts[10], counts[70]);
    }

    private static TrainingResult Fit(TensorDataset rows, LossDefinition loss, int batchSize, int batches, double rate = 0.02)
    {
        var options = Blobs.Options with { Epochs = 2, BatchSize = batchSize, AccumulateBatches = batches, Optimizer = new Sgd { LearningRate = rate, Momentum = 0.9 } };
        return new Trainer(options).Fit(Blobs.Network, Objective.Multiclass(Blobs.Classes, loss), rows);
    }

    private static TensorDataset Weighted(TensorDataset rows)
    {
        using var batch = rows.Gather([.. Enumerable.Range(0, (int)rows.Count).Select(i => (long)i)]);
        using var scope = NewDisposeScope();
        return new TensorDataset(batch.Features, batch.Label, arange(rows.Count).remainder(5).to(ScalarType.Float32));
    }

    private static void AreEqual(TrainingResult expected, TrainingResult actual, double tolerance)
    {
        foreach (var (name, tensor) in expected.Network.state_dict())
            TensorAssert.AreClose(tensor, actual.Network.state_dict()[name], tolerance);
    }
}
