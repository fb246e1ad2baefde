namespace MlComponents;

/// <summary>A run as its callbacks see it.</summary>
public sealed class TrainingRun : IDisposable
{
    private readonly List<BestWeights> best = [];
    private readonly List<string> earlyWarnings = [];
    private readonly Dictionary<string, double> bestValues = [];
    private readonly IReadOnlyDictionary<string, MetricDirection> metrics;
    private Action<string>? warned;

    internal TrainingRun(
        TrainerOptions options, NetworkDefinition definition, nn.Module network, NetworkContext context, IReadOnlyDictionary<string, MetricDirection> metrics, long trainingRows, long validationRows, long batchesPerEpoch, int seed)
    {
        Options = options;
        Definition = definition;
        Network = network;
        Context = context;
        TrainingRows = trainingRows;
        ValidationRows = validationRows;
        Seed = seed;
        BatchesPerEpoch = batchesPerEpoch;
        StepsPerEpoch = (batchesPerEpoch + options.AccumulateBatches - 1) / options.AccumulateBatches;
        TotalSteps = options.DryRun ? 1 : options.MaxSteps ?? options.Epochs * StepsPerEpoch;
        Epochs = (int)((TotalSteps + StepsPerEpoch - 1) / StepsPerEpoch);
        this.metrics = metrics;
    }

    /// <summary>How the run was asked to train.</summary>
    public TrainerOptions Options { get; }

    /// <summary>What the network was built from.</summary>
    public NetworkDefinition Definition { get; }

    /// <summary>What the task is.</summary>
    public required Objective Objective { get; init; }

    /// <summary>The network that is being trained, on the context's device.</summary>
    public nn.Module Network { get; }

    /// <summary>What the network was built for.</summary>
    public NetworkContext Context { get; }

    /// <summary>One row per epoch so far, and one per validation within an epoch.</summary>
    public History History { get; } = new();

    /// <summary>Number of this process among those that train together, from 0; 0 where it trains alone.</summary>
    public int Rank { get; internal init; }

    /// <summary>Whether what writes files, such as reports, is to write them: not in a dry run, and of several processes in the one of rank 0 alone.</summary>
    public bool WritesFiles => Rank == 0 && !Options.DryRun;

    /// <summary>Examples of one epoch.</summary>
    public long TrainingRows { get; }

    /// <summary>Examples of the training rows, of which a sampler may read more or fewer in an epoch.</summary>
    internal long DataRows { get; init; }

    /// <summary>What the order of a stream's examples depends on; null where they are read by number.</summary>
    internal string? Order { get; init; }

    /// <summary>Examples of one validation; 0 without one.</summary>
    public long ValidationRows { get; }

    /// <summary>The seed in use, given or drawn.</summary>
    public int Seed { get; }

    /// <summary>Epochs that the run will take unless it is stopped; the last one may be cut short by <see cref="TrainerOptions.MaxSteps"/>.</summary>
    public int Epochs { get; }

    /// <summary>Batches of one epoch.</summary>
    public long BatchesPerEpoch { get; }

    /// <summary>Optimizer steps of one epoch; the last one may have fewer batches than the others.</summary>
    public long StepsPerEpoch { get; }

    /// <summary>Optimizer steps that the run will take unless it is stopped.</summary>
    public long TotalSteps { get; }

    /// <summary>Optimizer steps done so far.</summary>
    public long Step { get; internal set; }

    /// <summary>The step of the checkpoint from which the run went on; null when it began anew.</summary>
    public long? ResumedFromStep { get; internal set; }

    /// <summary>Number of the epoch, from 1; after a last one that was whole it is one more.</summary>
    public int Epoch { get; internal set; } = 1;

    /// <summary>Batches of the epoch that are done.</summary>
    public long Batch { get; internal set; }

    /// <summary>Where the run is, as schedules see it.</summary>
    internal SchedulePosition Position => new(Step, TotalSteps, StepsPerEpoch) { History = History, Directions = metrics };

    /// <summary>Why the run is to end, or null while it isn't.</summary>
    public string? StopReason { get; private set; }

    /// <summary>Names of the metrics that every validation gives, e.g. <c>validation/loss</c>; empty without validation rows.</summary>
    public IEnumerable<string> ValidationMetrics => metrics.Keys;

    /// <summary>Asks the run to end after the current step, or after the current epoch's end when a validation or epoch hook asks.</summary>
    /// <param name="reason">A sentence for the user; the first one given stays.</param>
    public void Stop(string reason)
    {
        ArgumentException.ThrowIfNullOrEmpty(reason);
        StopReason ??= reason;
    }

    /// <summary>Whether the run ends early for a reason that doesn't hold for one that goes on from it: it was cancelled, or its time is over.</summary>
    internal bool IsInterrupted { get; private set; }

    /// <summary>Whether it was cancelled.</summary>
    internal bool IsCancelled => IsInterrupted && Options.CancellationToken.IsCancellationRequested;

    /// <summary>As <see cref="Stop"/>, for such a reason.</summary>
    internal void Interrupt(string reason)
    {
        IsInterrupted |= StopReason is null;
        Stop(reason);
    }

    /// <summary>Tells the callbacks of something that went wrong and doesn't end the run; those that haven't heard of its start hear of it after that.</summary>
    /// <param name="message">A sentence for the user.</param>
    public void Warn(string message)
    {
        ArgumentException.ThrowIfNullOrEmpty(message);
        if (warned is null)
            earlyWarnings.Add(message);
        else
            warned(message);
    }

    /// <summary>Says who hears of warnings from now on, and of those until now.</summary>
    internal void TellWarnings(Action<string> tell)
    {
        warned = tell;
        earlyWarnings.ForEach(tell);
        earlyWarnings.Clear();
    }

    /// <summary>The direction of a validation metric.</summary>
    /// <exception cref="ArgumentException">There is no such metric; the message lists those that there are.</exception>
    public MetricDirection DirectionOf(string metric)
    {
        ArgumentNullException.ThrowIfNull(metric);
        if (metrics.TryGetValue(metric, out var direction))
            return direction;
        throw new ArgumentException(metrics.Count == 0
            ? $"The metric '{metric}' isn't known, because this run has no validation rows: give it a validation set or a validation fraction."
            : $"There is no metric '{metric}'{NearestName.Hint(metric, metrics.Keys)} This run has: {string.Join(", ", metrics.Keys)}.",
            nameof(metric));
    }

    /// <summary>Asks, in <see cref="TrainingCallback.OnTrainStart"/>, for a copy of the weights after the best validation by a metric.</summary>
    /// <exception cref="ArgumentException">There is no such metric.</exception>
    public void KeepBest(string metric)
    {
        DirectionOf(metric);
        if (!best.Exists(kept => kept.Metric == metric))
            best.Add(new BestWeights(metric));
    }

    /// <summary>Gives the network the weights after the best validation by a metric; they stay as they are before the first validation.</summary>
    /// <exception cref="InvalidOperationException"><see cref="KeepBest"/> wasn't called for that metric.</exception>
    public void RestoreBest(string metric)
    {
        var kept = best.Find(kept => kept.Metric == metric)
            ?? throw new InvalidOperationException($"No weights were kept for '{metric}': call KeepBest in OnTrainStart.");
        kept.Restore(Network);
    }

    /// <summary>Remembers where the run is and what it has seen.</summary>
    internal void SaveState(ComponentState state)
    {
        state.Set("history", History.ToList());
        state.Set("best", bestValues);
        state.Set("stopReason", IsInterrupted ? null : StopReason);
        foreach (var kept in best)
            kept.SaveState(state.Section(kept.Metric));
    }

    /// <summary>Goes on from what a run remembered.</summary>
    internal void LoadState(ComponentState state)
    {
        History.Restore(state.Get<List<HistoryRow>>("history"));
        foreach (var (metric, value) in state.Get<Dictionary<string, double>>("best"))
            bestValues[metric] = value;
        StopReason = state.Get<string?>("stopReason");
    }

    /// <summary>Takes up the weights that were kept, of the metrics for which they are asked.</summary>
    internal void LoadBest(ComponentState state)
    {
        foreach (var kept in best)
            if (state.Sections.TryGetValue(kept.Metric, out var saved))
                kept.LoadState(saved, Network);
    }

    /// <summary>Frees the copies of weights; the network stays.</summary>
    public void Dispose() => best.ForEach(kept => kept.Dispose());

    /// <summary>The average of the weights over the run; null before the loop has begun.</summary>
    internal Averaging? Averaging { get; set; }

    /// <summary>Compares a validation with those before, and keeps the weights where it is the best.</summary>
    internal Dictionary<string, MetricValue> Record(IReadOnlyDictionary<string, double> values)
    {
        var result = new Dictionary<string, MetricValue>();
        foreach (var (name, value) in values)
        {
            var direction = metrics[name];
            var isBest = direction.IsBetter(value, bestValues.GetValueOrDefault(name, double.NaN));
            if (isBest)
                bestValues[name] = value;
            result[name] = new MetricValue(value, direction, isBest, bestValues.GetValueOrDefault(name, double.NaN));
        }
        foreach (var kept in best.Where(kept => result[kept.Metric].IsBest))
            if (Options.Average is { } average && MetricNames.IsOfAverage(average.MetricPrefix, kept.Metric))
                Averaging!.WithAverage(() => kept.Keep(Network));
            else
                kept.Keep(Network);
        return result;
    }
}
