namespace MlComponents;

/// <summary>Where a run is: what a schedule may depend on.</summary>
/// <param name="Step">Steps done so far; 0 before the first one.</param>
/// <param name="TotalSteps">Steps that the whole run will take, at least 1.</param>
/// <param name="StepsPerEpoch">Steps of one pass over the data, at least 1.</param>
public readonly record struct SchedulePosition(long Step, long TotalSteps, long StepsPerEpoch)
{
    /// <summary>The rows of the run's history so far, with the metrics of its validations; empty where there are none.</summary>
    public IReadOnlyList<HistoryRow> History { get => field ?? []; init; }

    /// <summary>Full passes over the data done so far.</summary>
    public long Epoch => Step / StepsPerEpoch;
}

/// <summary>A learning-rate schedule: a pure function of the step and of the run's history, so that a resumed run needs no scheduler state.</summary>
public abstract record ScheduleDefinition : ComponentDefinition
{
    /// <summary>What the optimizer's learning rate is multiplied by for the next step.</summary>
    /// <param name="position">Where the run is.</param>
    /// <returns>A factor, at least 0; 1 leaves the learning rate as it is.</returns>
    public abstract double Factor(SchedulePosition position);
}
