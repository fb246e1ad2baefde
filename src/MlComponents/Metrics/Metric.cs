namespace MlComponents;

/// <summary>Whether a metric should fall or rise.</summary>
public enum MetricDirection
{
    /// <summary>Smaller is better: a loss, an error.</summary>
    Falls,

    /// <summary>Larger is better: an accuracy.</summary>
    Rises,
}

/// <summary>Extensions of <see cref="MetricDirection"/>.</summary>
public static class MetricDirections
{
    /// <summary>Whether one value is strictly better than another. NaN is never better, and anything else is better than NaN.</summary>
    public static bool IsBetter(this MetricDirection direction, double value, double than) =>
        !double.IsNaN(value) && (double.IsNaN(than) || (direction == MetricDirection.Falls ? value < than : value > than));
}

/// <summary>A streaming metric: sums on the network's device, without a synchronisation per batch, over all rows of a pass.</summary>
public abstract class Metric(string name, MetricDirection direction) : IDisposable
{
    /// <summary>Name without the data set's prefix, lower case, e.g. <c>accuracy</c>.</summary>
    public string Name { get; } = name;

    /// <summary>Whether smaller or larger is better.</summary>
    public MetricDirection Direction { get; } = direction;

    /// <summary>The metric at the beginning of a sentence.</summary>
    private protected string Subject => $"The metric '{Name}'";

    /// <summary>Adds a batch.</summary>
    /// <param name="output">Raw output of the network, [N, Outputs, ...] or, of one output, [N, ...].</param>
    /// <param name="target">Labels of the batch as the objective's loss takes them.</param>
    /// <param name="weight">Weight of each example, float [N], or null for all ones.</param>
    public abstract void Update(Tensor output, Tensor target, Tensor? weight);

    /// <summary>The value over all batches so far; NaN when there were none.</summary>
    public abstract double Compute();

    /// <summary>Frees the sums.</summary>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Frees the sums.</summary>
    /// <param name="disposing">Always true.</param>
    protected abstract void Dispose(bool disposing);
}
