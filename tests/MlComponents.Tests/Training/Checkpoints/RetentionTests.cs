namespace MlComponents.Tests.Training.Checkpoints;

[TestClass]
public sealed class RetentionTests
{
    private const string Metric = "validation/loss";

    [TestMethod]
    [DataRow(1, 0, new[] { 1L, 2, 3, 4 })]
    [DataRow(2, 0, new[] { 1L, 2, 3 })]
    [DataRow(5, 0, new long[0])]
    [DataRow(9, 0, new long[0])]
    [DataRow(1, 1, new[] { 1L, 3, 4 })]         // 2 is the best
    [DataRow(1, 2, new[] { 1L, 4 })]            // then 3
    [DataRow(2, 2, new[] { 1L })]
    [DataRow(1, 4, new[] { 1L })]
    [DataRow(1, 5, new long[0])]
    [DataRow(1, 9, new long[0])]
    public void Superfluous_OfFallingLosses_LeavesTheNewestAndTheBest(int newest, int best, long[] expected)
    {
        var retention = new Retention(newest, best, Metric, MetricDirection.Falls);

        var superfluous = retention.Superfluous(Checkpoints(0.9, 0.1, 0.2, 0.3, 0.8));

        CollectionAssert.AreEqual(expected, superfluous.ToArray());
    }

    [TestMethod]
    public void Best_OfRisingMetrics_IsTheLargest() =>
        CollectionAssert.AreEqual(new[] { 1L, 5 }, new Retention(1, 2, Metric, MetricDirection.Rises).Best(Checkpoints(0.9, 0.1, 0.2, 0.3, 0.8)).ToArray());

    [TestMethod]
    public void Best_OfEqualValues_IsTheOldest() =>
        CollectionAssert.AreEqual(new[] { 2L, 3 }, new Retention(1, 2, Metric, MetricDirection.Falls).Best(Checkpoints(0.5, 0.25, 0.25, 0.25)).ToArray());

    [TestMethod]
    [DataRow(MetricDirection.Falls, new[] { 3L, 2 })]
    [DataRow(MetricDirection.Rises, new[] { 2L, 3 })]
    public void Best_OfNaN_IsNeverIt(MetricDirection direction, long[] expected) =>
        CollectionAssert.AreEqual(expected, new Retention(1, 4, Metric, direction).Best(Checkpoints(double.NaN, double.PositiveInfinity, 1, double.NaN)).ToArray());

    [TestMethod]
    public void Best_WithoutValuesOrMetric_IsNone()
    {
        var without = new[] { new KeptCheckpoint(1, new Dictionary<string, double>()), new KeptCheckpoint(2, new Dictionary<string, double> { ["another"] = 1 }) };

        Assert.IsEmpty(new Retention(1, 2, Metric, MetricDirection.Falls).Best(without));
        Assert.IsEmpty(new Retention(1, 2, null, MetricDirection.Falls).Best(Checkpoints(1, 2)));
    }

    [TestMethod]
    public void Superfluous_OfAnyOrder_IsTheSame()
    {
        var random = new Random(5);
        var checkpoints = Checkpoints(0.4, 0.3, 0.3, double.NaN, 0.1, 0.6);
        var retention = new Retention(2, 2, Metric, MetricDirection.Falls);

        for (var i = 0; i < 20; i++)
        {
            random.Shuffle(checkpoints);
            CollectionAssert.AreEqual(new[] { 1L, 3, 4 }, retention.Superfluous(checkpoints).ToArray());
        }
        Assert.IsEmpty(retention.Superfluous([]));
    }

    private static KeptCheckpoint[] Checkpoints(params double[] losses) =>
        [.. losses.Select((loss, i) => new KeptCheckpoint(i + 1, new Dictionary<string, double> { [Metric] = loss }))];
}
