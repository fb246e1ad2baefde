using System.ComponentModel.DataAnnotations;

namespace MlComponents;

/// <summary>Ends a run whose <paramref name="Metric"/> no longer improves, and gives the network back its best weights.</summary>
/// <param name="Metric">A validation metric by its full name. Default: <c>validation/loss</c>.</param>
public sealed record EarlyStopping(string Metric = MetricNames.ValidationLoss) : CallbackDefinition
{
    /// <summary>Validations in a row without an improvement before the run ends. At least 1; default 5.</summary>
    [Range(1, int.MaxValue)]
    public int Patience { get; init; } = 5;

    /// <summary>Smallest change, in the metric's unit, that counts as an improvement. At least 0; default 0.</summary>
    [Range(0, double.MaxValue)]
    public double MinimumChange { get; init; }

    /// <summary>Whether the network ends with the weights of its best validation, however the run ended. Default: true.</summary>
    public bool RestoreBest { get; init; } = true;

    /// <inheritdoc/>
    public override TrainingCallback Create() => new EarlyStoppingCallback(this);
}

internal sealed class EarlyStoppingCallback(EarlyStopping options) : TrainingCallback
{
    private double reference = double.NaN;
    private int stale;

    public override void OnTrainStart(TrainStart e)
    {
        e.Run.DirectionOf(options.Metric);
        if (options.RestoreBest)
            e.Run.KeepBest(options.Metric);
    }

    public override void OnValidationEnd(ValidationEnd e)
    {
        var metric = e.Metrics[options.Metric];
        var margin = metric.Direction == MetricDirection.Falls ? options.MinimumChange : -options.MinimumChange;
        var improved = metric.Direction.IsBetter(metric.Value + margin, reference);
        if (improved)
            reference = metric.Value;
        stale = improved ? 0 : stale + 1;

        if (stale >= options.Patience)
            e.Run.Stop($"{options.Metric} has not improved for {stale} validations.");
    }

    public override void SaveState(ComponentState state)
    {
        state.Set("reference", reference);
        state.Set("stale", stale);
    }

    public override void LoadState(ComponentState state)
    {
        reference = state.Get<double>("reference");
        stale = state.Get<int>("stale");
    }

    public override void OnTrainEnd(TrainEnd e)
    {
        if (options.RestoreBest && e.Error is null)
            e.Run.RestoreBest(options.Metric);
    }
}
