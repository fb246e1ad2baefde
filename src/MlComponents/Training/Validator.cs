namespace MlComponents;

/// <summary>Passes over the validation rows: loss and metrics over all of them.</summary>
/// <param name="objective">The task.</param>
/// <param name="loader">The rows; null for none.</param>
/// <param name="precision">The numbers in which the network computes.</param>
/// <param name="average">The average whose metrics there are beside those of the weights; null for none.</param>
internal sealed class Validator(Objective objective, DataLoader? loader, PrecisionPolicy precision, WeightAverageDefinition? average)
{
    /// <summary>Full names of all metrics with their directions; none without validation rows.</summary>
    public IReadOnlyDictionary<string, MetricDirection> Directions { get; } = loader is null ? new() : DirectionsOf(objective, average);

    public bool HasRows => loader is not null;

    /// <summary>Runs the network over the rows, in eval mode, in which it stays.</summary>
    /// <param name="network">The network.</param>
    /// <param name="maxBatches">Batches after which the pass ends; null: after all.</param>
    /// <param name="told">Hears of each batch: its number from 1, their count, the examples and the outputs. Null: nobody.</param>
    /// <param name="cancellationToken">Ends the pass.</param>
    /// <returns>The values by full name, or null when the pass was cancelled.</returns>
    public Dictionary<string, double>? Run(nn.Module network, long? maxBatches, Action<long, long, Batch, Tensor>? told, CancellationToken cancellationToken)
    {
        var metrics = objective.CreateMetrics();
        using var total = new RunningMean();
        var terms = objective.Terms.Keys.ToDictionary(term => term, _ => new RunningMean());
        network.eval();
        try
        {
            using var inference = no_grad();

            var (number, count) = (0L, Math.Min(loader!.Count, maxBatches ?? long.MaxValue));
            foreach (var batch in loader.Epoch(epoch: 1, cancellationToken: cancellationToken).Take(checked((int)count)))
            {
                if (cancellationToken.IsCancellationRequested)
                    return null;

                using var scope = NewDisposeScope();
                var step = precision.Forward(objective, network, batch);
                if (terms.Count == 0)
                    total.Add(step.Loss, objective.Normalizer(batch));
                foreach (var (term, mean) in terms)
                    mean.Add(step.Terms[term], objective.Normalizer(batch, term));
                foreach (var metric in metrics)
                    metric.Update(step.Output, batch.Label, batch.Weight);
                number++;
                told?.Invoke(number, count, batch, step.Output);
            }

            return number < count ? null : Values(total, terms, metrics);
        }
        finally
        {
            foreach (var mean in terms.Values)
                mean.Dispose();
            foreach (var metric in metrics)
                metric.Dispose();
        }
    }

    /// <summary>The loss first; where it has terms it is the sum of their means, each with a normalizer of its own.</summary>
    private Dictionary<string, double> Values(RunningMean total, Dictionary<string, RunningMean> terms, IReadOnlyList<Metric> metrics)
    {
        var means = terms.ToDictionary(pair => pair.Key, pair => pair.Value.Compute());
        var values = new Dictionary<string, double>
        {
            [MetricNames.ValidationLoss] = means.Count == 0 ? total.Compute() : means.Sum(pair => objective.Terms[pair.Key] * pair.Value),
        };
        foreach (var (term, mean) in means)
            values[MetricNames.ValidationTerm(term)] = mean;
        foreach (var metric in metrics)
            values[MetricNames.Validation(metric.Name)] = metric.Compute();
        return values;
    }

    private static Dictionary<string, MetricDirection> DirectionsOf(Objective objective, WeightAverageDefinition? average)
    {
        var directions = new Dictionary<string, MetricDirection> { [MetricNames.ValidationLoss] = MetricDirection.Falls };
        foreach (var term in objective.Terms.Keys)
            directions[MetricNames.ValidationTerm(term)] = MetricDirection.Falls;
        foreach (var metric in objective.CreateMetrics())
            using (metric)
                if (!directions.TryAdd(MetricNames.Validation(metric.Name), metric.Direction))
                    throw new ArgumentException($"There are two metrics of the name '{MetricNames.Validation(metric.Name)}': a history has one value of each name, so leave one of them out.");
        if (average is not null)
            foreach (var (name, direction) in directions.ToList())
                directions[MetricNames.OfAverage(average.MetricPrefix, name)] = direction;
        return directions;
    }
}
