using System.ComponentModel.DataAnnotations;
using System.Runtime.InteropServices;
using MlComponents.Tests.Training.Memory;

namespace MlComponents.Tests.Training.Finders;

[TestClass]
public sealed class BatchSizeFinderTests
{
    [TestMethod]
    public void Find_UpToTheLargest_TriesEverySizeTwiceTheOneBefore()
    {
        using var rows = Quadratic.Rows(100);
        using var objective = Quadratic.Objective;

        var trials = new BatchSizeFinder { Smallest = 4, Largest = 40 }.Find(Quadratic.Options, Quadratic.Network, objective, rows);

        CollectionAssert.AreEqual(new[] { 4, 8, 16, 32 }, trials.Trials.Select(trial => trial.BatchSize).ToArray());
        Assert.IsTrue(trials.Trials.All(trial => trial.RowsPerSecond > 0 && double.IsFinite(trial.RowsPerSecond)));
        Assert.IsTrue(trials.Trials.All(trial => trial.MemoryBytes > 1 << 20));
        Assert.IsNull(trials.OutOfMemory);
        Assert.AreEqual(32, trials.LargestFitting);
    }

    [TestMethod]
    public void Find_OfFewRows_EndsWithThem()
    {
        using var rows = Quadratic.Rows(20);
        using var objective = Quadratic.Objective;

        var trials = new BatchSizeFinder { StepsPerSize = 2 }.Find(Quadratic.Options with { BatchSize = 1000 }, Quadratic.Network, objective, rows);

        CollectionAssert.AreEqual(new[] { 8, 16 }, trials.Trials.Select(trial => trial.BatchSize).ToArray());
    }

    [TestMethod]
    public void Find_UntilTheMemoryIsFull_EndsThere()
    {
        using var rows = new LimitedRows(Quadratic.Rows(100), most: 20);
        using var objective = Quadratic.Objective;

        var trials = new BatchSizeFinder { Smallest = 5 }.Find(Quadratic.Options, Quadratic.Network, objective, rows);

        CollectionAssert.AreEqual(new[] { 5, 10, 20 }, trials.Trials.Select(trial => trial.BatchSize).ToArray());
        Assert.AreEqual(40, trials.OutOfMemory);
        Assert.AreEqual(20, trials.LargestFitting);
    }

    [TestMethod]
    public void Find_UntilTheMemoryIsFullInAStep_EndsThereInsteadOfHalvingTheBatch()
    {
        using var rows = Blobs.Create(100, seed: 1);
        using var objective = Objective.Multiclass(Blobs.Classes);
        var network = NetworkDefinition.From(_ => new CountedBlock(nn.Linear(2, Blobs.Classes), (_, x) =>
        {
            if (x.shape[0] > 20)
                zeros(1L << 50);
        }));

        var trials = new BatchSizeFinder { Smallest = 5 }.Find(Blobs.Options, network, objective, rows);

        Assert.AreEqual(40, trials.OutOfMemory);
        Assert.AreEqual(20, trials.LargestFitting);
    }

    [TestMethod]
    public void Find_WhereNothingFits_SaysSo()
    {
        using var rows = new LimitedRows(Quadratic.Rows(100), most: 7);
        using var objective = Quadratic.Objective;

        var error = Assert.ThrowsExactly<InvalidOperationException>(() => new BatchSizeFinder().Find(Quadratic.Options, Quadratic.Network, objective, rows));

        Assert.StartsWith("A batch of 8 rows doesn't fit into the memory of the device 'cpu'", error.Message);
    }

    [TestMethod]
    public void Find_OfAnErrorThatIsNoLackOfMemory_Throws()
    {
        using var rows = Quadratic.Rows(100);
        using var objective = Quadratic.Objective;
        var network = NetworkDefinition.From(_ => nn.Sequential(nn.Linear(3, 1)));

        Assert.ThrowsExactly<ExternalException>(() => new BatchSizeFinder().Find(Quadratic.Options, network, objective, rows));
    }

    [TestMethod]
    public void Find_WithAWholeRunsOptions_LeavesOutWhatASearchHasNoUseFor()
    {
        using var rows = Quadratic.Rows(16);
        using var objective = Quadratic.Objective;
        var steps = new List<long>();
        var options = Quadratic.Options with
        {
            DryRun = true, TimeLimit = TimeSpan.FromTicks(1), Monitor = "validation/of-some-task", Schedule = new ReduceOnPlateau(),
            Callbacks = [new EarlyStopping(), new LambdaCallback { OnStepEnd = e => steps.Add(e.Step) }],
        };

        var trials = new BatchSizeFinder().Find(options, Quadratic.Network, objective, rows);

        Assert.HasCount(2, trials.Trials);
        Assert.IsEmpty(steps);
    }

    [TestMethod]
    public void Find_LeavesNoTensors()
    {
        using var rows = new LimitedRows(Quadratic.Rows(64), most: 32);
        using var objective = Quadratic.Objective;
        var (building, before) = (Quadratic.CountedByBuilding(), TensorAssert.LiveCount());

        TensorAssert.LeavesOnly(0, () => new BatchSizeFinder().Find(Quadratic.Options, Quadratic.Network, objective, rows));

        Assert.AreEqual(before + 4 * building, TensorAssert.LiveCount());   // 8, 16, 32 and 64
    }

    [TestMethod]
    public void Find_WithValuesThatDontFitTogether_SaysWhich()
    {
        using var rows = Quadratic.Rows(6);
        using var objective = Quadratic.Objective;

        Assert.AreEqual("BatchSizeFinder: Largest is 4, which is below Smallest, 8.",
            Assert.ThrowsExactly<ValidationException>(() => new BatchSizeFinder { Largest = 4 }.Find(Quadratic.Options, Quadratic.Network, objective, rows)).Message);
        Assert.StartsWith("Smallest is 8, but there are only 6 training rows: begin with a batch of at most 6.",
            Assert.ThrowsExactly<ArgumentException>(() => new BatchSizeFinder().Find(Quadratic.Options, Quadratic.Network, objective, rows)).Message);
    }

    [TestMethod]
    public void Suggestion_OfTrials_IsTheSmallestThatIsNearlyAsFastAsAny()
    {
        Assert.AreEqual(32, new BatchSizeTrials([new(8, 100), new(16, 190), new(32, 280), new(64, 300), new(128, 260)]).Suggestion);
        Assert.AreEqual(8, new BatchSizeTrials([new(8, 300), new(16, 200)]).Suggestion);
    }

    [TestMethod]
    public void New_OfWhatAreNoTrials_SaysWhy()
    {
        Assert.Contains("There is no trial", Assert.ThrowsExactly<ArgumentException>(() => new BatchSizeTrials([])).Message);
        Assert.Contains("must rise", Assert.ThrowsExactly<ArgumentException>(() => new BatchSizeTrials([new(8, 1), new(8, 1)])).Message);
    }

    /// <summary>Rows of which a batch can hold only so many: for more of them libtorch is asked for memory that no machine has.</summary>
    private sealed class LimitedRows(TensorDataset rows, int most) : MapDataset, IDisposable
    {
        public override long Count => rows.Count;

        public override IReadOnlyDictionary<string, long[]> Shapes => rows.Shapes;

        public override Batch Gather(ReadOnlySpan<long> indices)
        {
            if (indices.Length > most)
                using (empty(1L << 50)) { }
            return rows.Gather(indices);
        }

        public void Dispose() => rows.Dispose();
    }
}
