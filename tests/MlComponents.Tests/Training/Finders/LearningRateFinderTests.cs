using System.ComponentModel.DataAnnotations;

namespace MlComponents.Tests.Training.Finders;

[TestClass]
public sealed class LearningRateFinderTests
{
    private static readonly LearningRateFinder Finder = new() { Lowest = 1e-3, Highest = 100 };

    [TestMethod]
    public void Find_OfAQuadratic_SuggestsARateAtWhichItFalls()
    {
        using var rows = Quadratic.Rows();
        using var objective = Quadratic.Objective;

        var curve = Finder.Find(Quadratic.Options, Quadratic.Network, objective, rows);

        Assert.IsInRange(0.02, 0.5, curve.Suggestion);
        Assert.IsGreaterThan(Quadratic.Diverges, curve.Points[^1].Rate);
        Assert.IsLessThan(100, curve.Points[^1].Rate);   // it ended where the loss diverged
        Assert.AreEqual(1, curve.Points[0].Loss, 1e-6);
        Assert.AreEqual(1e-3, curve.Points[0].Rate, 1e-12);
        Assert.AreEqual(Math.Pow(1e5, 1.0 / 99), curve.Points[1].Rate / curve.Points[0].Rate, 1e-9);
        Assert.AreEqual(Math.Pow(1 - 2e-3, 2), curve.Points[1].Loss, 1e-6);
    }

    [TestMethod]
    public void Find_Again_GivesTheSameCurve()
    {
        using var rows = Blobs.Create(60, seed: 3);
        using var objective = Objective.Multiclass(Blobs.Classes);
        var finder = new LearningRateFinder { Lowest = 1e-5, Highest = 10, Steps = 40 };
        var options = Blobs.Options with { Optimizer = new AdamW(), Epochs = 1 };

        var first = finder.Find(options, Blobs.Network, objective, rows);
        var second = finder.Find(options, Blobs.Network, objective, rows);
        var other = finder.Find(options with { Seed = 2 }, Blobs.Network, objective, rows);

        CollectionAssert.AreEqual(first.Points.ToArray(), second.Points.ToArray());
        CollectionAssert.AreNotEqual(first.Points.ToArray(), other.Points.ToArray());
        Assert.IsInRange(first.Points[0].Rate, first.Points[^1].Rate, first.Suggestion);
    }

    [TestMethod]
    public void Find_OfALossThatIsSoonInfinite_EndsTheSearchThere()
    {
        using var rows = Quadratic.Rows();
        using var objective = Quadratic.Objective;
        var finder = new LearningRateFinder { Lowest = 1e-3, Highest = 1e30, Steps = 200, Divergence = double.MaxValue };

        var curve = finder.Find(Quadratic.Options, Quadratic.Network, objective, rows);

        Assert.IsTrue(curve.Points.All(point => double.IsFinite(point.Loss) && double.IsFinite(point.Smoothed)));
        Assert.IsInRange(20, 199, curve.Points.Count);
    }

    [TestMethod]
    public void Find_OfALossThatIsNaNAtOnce_DoesntBlameTheRate()
    {
        using var scope = NewDisposeScope();
        using var rows = new TensorDataset(full([8, 1], float.NaN), zeros(8, 1));
        using var objective = Quadratic.Objective;

        var error = Assert.ThrowsExactly<InvalidDataException>(() => Finder.Find(Quadratic.Options, Quadratic.Network, objective, rows));

        Assert.AreEqual("The loss or the gradient of the first step is not finite, whatever the learning rate: look for NaN, infinite or extreme values in the data.", error.Message);
        Assert.AreEqual(1, Assert.IsInstanceOfType<NonFiniteLossException>(error.InnerException).Step);
    }

    [TestMethod]
    public void Find_FromTooHighARate_HasNoSuggestionAndSaysWhy()
    {
        using var rows = Quadratic.Rows();
        using var objective = Quadratic.Objective;

        var curve = (Finder with { Lowest = 10, Highest = 1000 }).Find(Quadratic.Options, Quadratic.Network, objective, rows);

        Assert.IsLessThan(20, curve.Points.Count);
        Assert.AreEqual($"The loss diverged after {curve.Points.Count} steps, too few for a suggestion: begin at a lower rate, or take more steps.", curve.Problem);
        Assert.AreEqual(curve.Problem, Assert.ThrowsExactly<InvalidOperationException>(() => curve.Suggestion).Message);
    }

    [TestMethod]
    public void Find_WithAWholeRunsOptions_LeavesOutWhatASearchHasNoUseFor()
    {
        using var rows = Quadratic.Rows();
        using var objective = Quadratic.Objective;
        var called = 0;
        var options = Quadratic.Options with
        {
            Epochs = 1, MaxSteps = 3, DryRun = true, TimeLimit = TimeSpan.FromTicks(1), LogEvery = 50, Monitor = "validation/of-some-task", ValidateEvery = 2, SanityValidationBatches = 1,
            Schedule = new ReduceOnPlateau(), Optimizer = new Sgd { LearningRate = 123 },
            Callbacks = [new EarlyStopping(), new LambdaCallback { OnTrainStart = _ => called++ }],
        };

        var curve = Finder.Find(options, Quadratic.Network, objective, rows);

        CollectionAssert.AreEqual(Finder.Find(Quadratic.Options, Quadratic.Network, objective, rows).Points.ToArray(), curve.Points.ToArray());
        Assert.AreEqual(0, called);
    }

    [TestMethod]
    public void Find_WithOptionsOfAStep_KeepsThem()
    {
        using var rows = Quadratic.Rows();
        using var objective = Quadratic.Objective;

        var curve = Finder.Find(Quadratic.Options with { MaxGradientNorm = 1e-6 }, Quadratic.Network, objective, rows);

        Assert.AreEqual(1, curve.Points[60].Loss, 1e-4);   // the weight hardly moves
    }

    [TestMethod]
    public void Find_LeavesNoTensors()
    {
        using var rows = Quadratic.Rows();
        using var objective = Quadratic.Objective;
        var (building, before) = (Quadratic.CountedByBuilding(), TensorAssert.LiveCount());

        TensorAssert.LeavesOnly(0, () => Finder.Find(Quadratic.Options, Quadratic.Network, objective, rows));
        TensorAssert.LeavesOnly(0, () => (Finder with { Highest = 1e30, Divergence = double.MaxValue }).Find(Quadratic.Options, Quadratic.Network, objective, rows));

        Assert.AreEqual(before + 2 * building, TensorAssert.LiveCount());
    }

    [TestMethod]
    public void Find_WhenCancelledAfterAStep_IsCancelled()
    {
        using var rows = Quadratic.Rows();
        using var objective = Quadratic.Objective;
        using var source = new CancellationTokenSource();
        var cancelling = new CancellingRows(rows, source);

        Assert.ThrowsExactly<OperationCanceledException>(() => Finder.Find(Quadratic.Options with { CancellationToken = source.Token }, Quadratic.Network, objective, cancelling));

        Assert.IsInRange(3, 10, cancelling.Batches);
    }

    [TestMethod]
    public void Find_WithValuesThatDontFitTogether_SaysWhich()
    {
        using var rows = Quadratic.Rows();
        using var objective = Quadratic.Objective;

        var error = Assert.ThrowsExactly<ValidationException>(() => new LearningRateFinder { Lowest = 0.1, Highest = 0.1 }.Find(Quadratic.Options, Quadratic.Network, objective, rows));

        Assert.AreEqual("LearningRateFinder: Highest is 0.1, which isn't above Lowest, 0.1.", error.Message);
    }

    /// <summary>Cancels the run when its third batch is read.</summary>
    private sealed class CancellingRows(MapDataset rows, CancellationTokenSource source) : MapDataset
    {
        public int Batches { get; private set; }

        public override long Count => rows.Count;

        public override IReadOnlyDictionary<string, long[]> Shapes => rows.Shapes;

        public override Batch Gather(ReadOnlySpan<long> indices)
        {
            if (++Batches == 3)
                source.Cancel();
            return rows.Gather(indices);
        }
    }
}
