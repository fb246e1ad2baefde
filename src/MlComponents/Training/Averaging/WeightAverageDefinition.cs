namespace MlComponents;

/// <summary>Describes an average of the weights over the steps of a run, and builds it.</summary>
public abstract record WeightAverageDefinition : ComponentDefinition
{
    /// <summary>A word for the names of its validation metrics, e.g. <c>ema</c> in <c>validation/ema/loss</c>.</summary>
    public abstract string MetricPrefix { get; }

    /// <summary>Builds the average, still without weights.</summary>
    /// <param name="network">The network whose weights are averaged, on its device and in its dtypes.</param>
    public abstract WeightAverage Create(nn.Module network);

    /// <summary>What the optimizer's learning rate is multiplied by for the next step in place of the schedule's factor; a pure function, as a schedule is.</summary>
    /// <param name="position">Where the run is.</param>
    /// <returns>A factor, at least 0; null, which is always so unless a definition says otherwise, leaves it to the schedule.</returns>
    public virtual double? ScheduleFactor(SchedulePosition position) => null;
}
