namespace MlComponents;

/// <summary>Passes over the validation rows: loss and metrics over all of them.</summary>
internal sealed class Validator(Objective objective, DataLoader? loader)
{
    /// <summary>Full names of all metrics with their directions; none without validation rows.</summary>
    public IReadOnlyDictionary<string, MetricDirection> Directions { get; } = loader is null ? new() : DirectionsOf(objective);

    public bool HasRows => loader is not null;

    /// <summary>Runs the network in eval mode over the rows.</summary>
    /// <returns>The values by full name, or null when the pass was cancelled.</returns>
    public Dictionary<string, double>? Run(nn.Module network, int? maxBatches, CancellationToken cancellationToken)
    {
        var metrics = objective.CreateMetrics();
        network.eval();
        try
        {
            using var scope = NewDisposeScope();
            using var inference = no_grad();

            var total = zeros([], ScalarType.Float64);
            var weight = zeros([], ScalarType.Float64);
            foreach (var batch in loader!.Epoch(epoch: 1).Take(maxBatches ?? int.MaxValue))
            {
                if (cancellationToken.IsCancellationRequested)
                    return null;

                using var step = NewDisposeScope();
                var (loss, output) = objective.Step(network, batch);
                var normalizer = objective.Normalizer(batch);
                total.add_((loss * normalizer).cpu());
                weight.add_(normalizer.cpu());
                foreach (var metric in metrics)
                    metric.Update(output, batch.Label, batch.Weight);
            }

            var values = new Dictionary<string, double> { [MetricNames.ValidationLoss] = (total / weight).item<double>() };
            foreach (var metric in metrics)
                values[MetricNames.Validation(metric.Name)] = metric.Compute();
            return values;
        }
        finally
        {
            network.train();
            foreach (var metric in metrics)
                metric.Dispose();
        }
    }

    private static Dictionary<string, MetricDirection> DirectionsOf(Objective objective)
    {
        var directions = new Dictionary<string, MetricDirection> { [MetricNames.ValidationLoss] = MetricDirection.Falls };
        foreach (var metric in objective.CreateMetrics())
            using (metric)
                if (!directions.TryAdd(MetricNames.Validation(metric.Name), metric.Direction))
                    throw new ArgumentException($"There are two metrics of the name '{MetricNames.Validation(metric.Name)}': a history has one value of each name, so leave one of them out.");
        return directions;
    }
}
