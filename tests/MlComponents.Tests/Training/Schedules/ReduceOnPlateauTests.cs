using System.Text.Json;

namespace MlComponents.Tests.Training.Schedules;

[TestClass]
public sealed class ReduceOnPlateauTests
{
    private const string Metric = "validation/anything";

    [TestMethod]
    public void Factor_OfPyTorchsCases_EqualsPyTorch()
    {
        var cases = Fixture.Cases("schedules", "plateaus");

        Assert.HasCount(8, cases);
        foreach (var @case in cases)
        {
            var schedule = @case.Component<ReduceOnPlateau>("schedule") with { Metric = Metric };
            var direction = Enum.Parse<MetricDirection>(@case.GetProperty("direction").GetString()!, ignoreCase: true);
            var (metrics, expected) = (@case.GetProperty("metrics").Deserialize<double[]>()!, @case.GetProperty("factors").Deserialize<double[]>()!);
            for (var epoch = 1; epoch <= metrics.Length; epoch++)
                Assert.AreEqual(expected[epoch - 1], schedule.Factor(After(metrics.Take(epoch), direction)), 1e-9, $"{schedule} after {epoch} epochs");
            Assert.IsGreaterThanOrEqualTo(3, expected.Distinct().Count());
        }
    }

    [TestMethod]
    public void Factor_BeforeThereIsARow_IsOne() => Assert.AreEqual(1, new ReduceOnPlateau { Patience = 0 }.Factor(new(0, 10, 1)));

    [TestMethod]
    public void Factor_OfRowsWithoutTheMetric_IgnoresThem()
    {
        var schedule = new ReduceOnPlateau { Patience = 1, Gamma = 0.5 };
        var rows = ScheduleExamples.Of(MetricNames.ValidationLoss, [1, 1, 1]).ToList();
        var others = ScheduleExamples.Of(MetricNames.TrainLoss, [7, 7, 7, 7]).ToList();

        Assert.AreEqual(1, schedule.Factor(At(new([.. others, rows[0], others[0], others[1], rows[1], others[2]]))));
        Assert.AreEqual(0.5, schedule.Factor(At(new([rows[0], .. others, rows[1], rows[2]]))));
    }

    [TestMethod]
    public void Factor_OfAHistoryThatGrows_FollowsIt()
    {
        var schedule = new ReduceOnPlateau { Patience = 0, Gamma = 0.5 };
        var rows = ScheduleExamples.Of(MetricNames.ValidationLoss, [1, 1, 0.5, 0.5]).ToList();
        var history = new History();

        foreach (var (row, expected) in rows.Zip(new[] { 1, 0.5, 0.5, 0.25 }))
        {
            history.Add(row);
            Assert.AreEqual(expected, schedule.Factor(At(history)));
            Assert.AreEqual(expected, schedule.Factor(At(history)));
        }
    }

    [TestMethod]
    public void Factor_OfTwoSchedulesAndDirectionsOverOneHistory_AreTheirOwn()
    {
        var history = ScheduleExamples.Of(Metric, [1, 2, 3, 4]);
        var (halves, tenths) = (new ReduceOnPlateau(Metric) { Patience = 2, Gamma = 0.5 }, new ReduceOnPlateau(Metric) { Patience = 2, Gamma = 0.1 });

        foreach (var _ in Enumerable.Range(0, 2))
        {
            Assert.AreEqual(0.5, halves.Factor(At(history, MetricDirection.Falls)));
            Assert.AreEqual(0.1, tenths.Factor(At(history, MetricDirection.Falls)));
            Assert.AreEqual(1, halves.Factor(At(history, MetricDirection.Rises)));
        }
    }

    private static SchedulePosition After(IEnumerable<double> values, MetricDirection direction) => At(ScheduleExamples.Of(Metric, values), direction);

    private static SchedulePosition At(History history, MetricDirection direction = MetricDirection.Falls) =>
        new(history.Count, 1000, 1) { History = history, Directions = new Dictionary<string, MetricDirection> { [Metric] = direction } };
}
