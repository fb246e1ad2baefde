namespace MlComponents;

/// <summary>A run's average of the weights: kept up with the steps, validated beside the weights, and what the network ends with. Without one everything here does nothing.</summary>
internal sealed class Averaging(TrainingRun run, Objective objective, DataLoader loader, Freezing freezing) : IDisposable
{
    private readonly WeightAverage? average = run.Options.Average?.Create(run.Network);
    private bool isFinished;

    /// <summary>The average, whose state belongs to a checkpoint; null where there is none.</summary>
    public WeightAverage? Average => average;

    /// <summary>Takes in the weights after a step.</summary>
    public void Update() => average?.Update(run.Position);

    /// <summary>Acts while the network has the averaged weights, or its own as long as there are none.</summary>
    public void WithAverage(Action action)
    {
        if (average is not { HasWeights: true })
        {
            action();
            return;
        }
        average.Swap();
        try
        {
            action();
        }
        finally
        {
            average.Swap();
        }
    }

    /// <summary>Validates the weights, and their average where there is one.</summary>
    /// <param name="pass">A pass over the validation rows, given whether its weights are those that the run would end with; null when it was cancelled.</param>
    /// <returns>The values of both by full name, or null when a pass was cancelled.</returns>
    public Dictionary<string, double>? Validate(Func<bool, Dictionary<string, double>?> pass)
    {
        var own = pass(average is not { HasWeights: true });
        if (own is null || average is null)
            return own;

        var averaged = own;   // as long as nothing is averaged
        if (average.HasWeights)
            WithAverage(() =>
            {
                averaged = ComputeStatistics() ? pass(true) : null;
            });
        if (averaged is null)
            return null;
        var all = new Dictionary<string, double>(own);
        foreach (var (name, value) in averaged)
            all[MetricNames.OfAverage(run.Options.Average!.MetricPrefix, name)] = value;
        return all;
    }

    /// <summary>Gives the network the averaged weights for good, once.</summary>
    /// <param name="inAHurry">Whether they are left where they would take a pass over the training rows.</param>
    public void Finish(bool inAHurry = false)
    {
        if (average is null || isFinished)
            return;
        isFinished = true;
        if (!average.HasWeights)
        {
            run.Warn($"The run ended after {run.Step} of {run.TotalSteps} steps, before its average '{run.Options.Average!.MetricPrefix}' began: the network has its last weights.");
        }
        else if (!(inAHurry && average.NeedsBatchStatistics))
        {
            average.Swap();
            if (ComputeStatistics())
                return;
            average.Swap();
            run.Warn($"The run was cancelled while the batch statistics of its average '{run.Options.Average!.MetricPrefix}' were computed: the network has its last weights.");
        }
    }

    public void Dispose() => average?.Dispose();

    /// <summary>Computes the statistics of batch norms for the averaged weights, which the network has.</summary>
    /// <returns>False when the run was cancelled meanwhile: they are of no use then.</returns>
    private bool ComputeStatistics()
    {
        if (!average!.NeedsBatchStatistics)
            return true;
        freezing.TrainMode();   // frozen batch norms keep their statistics
        var cancelled = run.Options.CancellationToken;
        BatchStatistics.Recompute(run.Network, loader.Epoch(epoch: 1, cancellationToken: cancelled), batch => objective.Step(run.Network, batch));
        if (cancelled.IsCancellationRequested)
            return false;
        average.KeepBatchStatistics();
        return true;
    }
}
