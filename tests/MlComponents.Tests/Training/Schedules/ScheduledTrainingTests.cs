namespace MlComponents.Tests.Training.Schedules;

/// <summary>Schedules in runs.</summary>
[TestClass]
public sealed class ScheduledTrainingTests
{
    [TestMethod]
    public void Fit_WithASchedule_TakesEveryStepAtItsRate()
    {
        var schedule = new Warmup { Steps = 3, Then = new OneCycle() };
        var rates = new List<double>();

        using var rows = Blobs.Create(60, seed: 1);
        Fit(Blobs.Options with { Schedule = schedule, Callbacks = [new LambdaCallback { OnStepEnd = e => rates.Add(e.LearningRate) }] }, rows);

        CollectionAssert.AreEqual(Enumerable.Range(0, 12).Select(step => 1e-2 * schedule.Factor(new(step, 12, 4))).ToArray(), rates);
    }

    [TestMethod]
    [DataRow("validation/loss", MetricDirection.Falls)]
    [DataRow("validation/accuracy", MetricDirection.Rises)]
    [DataRow("train/loss", MetricDirection.Falls)]
    public void Fit_OnAPlateau_ReducesTheRateByTheHistorySoFar(string metric, MetricDirection direction)
    {
        var schedule = new ReduceOnPlateau(metric) { Patience = 0, Gamma = 0.5, Threshold = 0.2 };
        using var rows = Blobs.Create(60, seed: 1);

        var history = Fit(Blobs.Options with { Epochs = 8, Schedule = schedule }, rows);

        for (var epoch = 0; epoch < 8; epoch++)
        {
            var position = new SchedulePosition(4 * epoch, 32, 4)
            {
                History = [.. history.Take(epoch)], Directions = new Dictionary<string, MetricDirection> { [metric] = direction },
            };
            Assert.AreEqual(1e-2 * schedule.Factor(position), history[epoch].LearningRate, 1e-12, $"epoch {epoch + 1}");
        }
        Assert.IsLessThan(1e-2, history[^1].LearningRate);
        Assert.AreEqual(1e-2, history[0].LearningRate);
    }

    [TestMethod]
    public void Fit_OnThePlateauOfAnUnknownMetric_IsAnErrorBeforeTheFirstStep()
    {
        using var rows = Blobs.Create(60, seed: 1);
        var steps = 0;
        var options = Blobs.Options with
        {
            Schedule = new Warmup { Then = new ReduceOnPlateau("validation/acuracy") }, Callbacks = [new LambdaCallback { OnStepEnd = _ => steps++ }],
        };

        var error = Assert.ThrowsExactly<ArgumentException>(() => Fit(options, rows));

        Assert.Contains("There is no metric 'validation/acuracy'", error.Message);
        Assert.Contains("validation/accuracy", error.Message);
        Assert.AreEqual(0, steps);
    }

    private static History Fit(TrainerOptions options, TensorDataset rows)
    {
        using var objective = Objective.Multiclass(Blobs.Classes);
        using var result = new Trainer(options).Fit(Blobs.Network, objective, rows, rows);
        return result.History;
    }
}
