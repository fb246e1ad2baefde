namespace MlComponents;

/// <summary>Describes a metric and builds a fresh one for every pass over the validation rows.</summary>
public abstract record MetricDefinition : ComponentDefinition
{
    /// <summary>Builds the metric; its sums begin at zero.</summary>
    /// <param name="outputs">Numbers per example that the network returns (the classes of a classifier), at least 1.</param>
    /// <exception cref="ArgumentException">The options don't fit that number.</exception>
    public abstract Metric Create(long outputs);
}
