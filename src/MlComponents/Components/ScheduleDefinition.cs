using System.Collections.ObjectModel;

namespace MlComponents;

/// <summary>Where a run is: what a schedule may depend on.</summary>
/// <param name="Step">Steps done so far; 0 before the first one.</param>
/// <param name="TotalSteps">Steps that the whole run will take, at least 1.</param>
/// <param name="StepsPerEpoch">Steps of one pass over the data, at least 1.</param>
public readonly record struct SchedulePosition(long Step, long TotalSteps, long StepsPerEpoch)
{
    /// <summary>The rows of the run's history so far, with the metrics of its validations; empty where there are none.</summary>
    public IReadOnlyList<HistoryRow> History { get => field ?? []; init; }

    /// <summary>Whether smaller or larger is better, for the metrics of <see cref="History"/> by full name; one that isn't there is better when it is smaller, as a loss is.</summary>
    public IReadOnlyDictionary<string, MetricDirection> Directions { get => field ?? ReadOnlyDictionary<string, MetricDirection>.Empty; init; }

    /// <summary>Full passes over the data done so far.</summary>
    public long Epoch => Step / StepsPerEpoch;

    /// <summary>Share of the run's steps that are done, 0 to 1; beyond the last step it stays 1.</summary>
    public double Progress => Math.Min(1, (double)Step / TotalSteps);
}

/// <summary>A learning-rate schedule: a pure function of the step and of the run's history, so that a resumed run needs no scheduler state.</summary>
public abstract record ScheduleDefinition : ComponentDefinition
{
    /// <summary>What the optimizer's learning rate is multiplied by for the next step.</summary>
    /// <param name="position">Where the run is.</param>
    /// <returns>A factor, at least 0; 1 leaves the learning rate as it is.</returns>
    public abstract double Factor(SchedulePosition position);

    /// <summary>Refuses, before the first step, a run that doesn't give what the schedule looks at; by default it looks at nothing.</summary>
    /// <param name="run">The run, before its first step.</param>
    /// <exception cref="ArgumentException">The run has no such metric; the message lists those that it has.</exception>
    public virtual void Check(TrainingRun run) { }
}
