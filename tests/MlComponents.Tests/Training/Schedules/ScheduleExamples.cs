namespace MlComponents.Tests.Training.Schedules;

/// <summary>Schedules of every kind, for what holds for all.</summary>
internal static class ScheduleExamples
{
    public static IEnumerable<ScheduleDefinition> All =>
    [
        new Constant(), new Step(), new Step { Every = 2, Gamma = 1 }, new MultiStep { Milestones = [1, 4] }, new MultiStep { Milestones = [] }, new Exponential { Gamma = 0.5 },
        new Polynomial(), new Polynomial { Power = 0.9, MinimumFactor = 0.1 }, new Cosine(), new Cosine { MinimumFactor = 1 },
        new CosineRestarts { FirstPeriod = 1 }, new CosineRestarts { FirstPeriod = 2, PeriodMultiplier = 3, MinimumFactor = 0.2 },
        new OneCycle(), new OneCycle { ThreePhase = true, Shape = RampShape.Linear }, new OneCycle { Shape = RampShape.Exponential, RiseFraction = 0.9 },
        new Warmup(), new Warmup { Steps = 3, Shape = RampShape.Exponential, StartFactor = 1e-4, Then = new OneCycle() }, new Warmup { Fraction = 0.999, Then = new Polynomial() },
        new Warmup { Fraction = 0, Shape = RampShape.Cosine, Then = new Warmup { Steps = 2 } },
        new ReduceOnPlateau { Patience = 0 }, new ReduceOnPlateau(MetricNames.TrainLoss) { Patience = 1, Gamma = 0.5, MinimumFactor = 0.1, Cooldown = 1 },
    ];

    /// <summary>Positions of short and long runs, in order, with a history that grows as epochs end.</summary>
    public static IEnumerable<SchedulePosition> Positions
    {
        get
        {
            foreach (var (total, perEpoch) in new (long, long)[] { (1, 1), (2, 1), (10, 3), (40, 4), (40, 100) })
                for (var step = 0L; step <= total + 3; step++)
                    yield return new(step, total, perEpoch) { History = History(step / perEpoch, perEpoch) };
            yield return new(long.MaxValue, 1000, 10);
            yield return new(long.MaxValue, long.MaxValue, 1);
        }
    }

    /// <summary>Rows of so many epochs, whose losses fall, jump, stay and are once NaN.</summary>
    public static History History(long epochs, long stepsPerEpoch = 1)
    {
        double[] losses = [1, 0.5, 0.5, double.NaN, 0.7, 0.5, 0.5, 0.4, 0.4, double.PositiveInfinity];
        return Of(MetricNames.ValidationLoss, Enumerable.Range(0, (int)epochs).Select(i => losses[i % losses.Length]), stepsPerEpoch);
    }

    /// <summary>One row per value of a metric.</summary>
    public static History Of(string metric, IEnumerable<double> values, long stepsPerEpoch = 1) => new(values.Select((value, i) => new HistoryRow
    {
        Epoch = i + 1, Step = (i + 1) * stepsPerEpoch, Seconds = i, LearningRate = 1, Metrics = new Dictionary<string, double> { [MetricNames.TrainLoss] = value, [metric] = value },
    }));
}
