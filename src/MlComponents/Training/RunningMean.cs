namespace MlComponents;

/// <summary>A weighted mean of scalars that come one by one, summed in float64 on their device: nothing waits for the device before the end.</summary>
internal sealed class RunningMean : IDisposable
{
    private readonly RunningSum total = new();
    private readonly RunningSum weights = new();

    /// <param name="value">A scalar, [].</param>
    /// <param name="weight">Its weight, [].</param>
    public void Add(Tensor value, Tensor weight)
    {
        using var scope = NewDisposeScope();
        using var inference = no_grad();

        var w = weight.to(ScalarType.Float64);
        total.Add(value.to(ScalarType.Float64) * w);
        weights.Add(w);
    }

    /// <summary>Adds a scalar with a weight that is known here.</summary>
    public void Add(Tensor value, long weight)
    {
        using var scope = NewDisposeScope();
        using Scalar held = weight;   // as those of HeldScalars
        Add(value, full([], held, ScalarType.Float64, value.device));
    }

    /// <summary>The mean so far; NaN where nothing has a weight.</summary>
    public double Compute() => total.Read() is [var sum] ? sum / weights.Read()![0] : double.NaN;

    /// <summary>Remembers the mean.</summary>
    public void SaveState(ComponentState state)
    {
        total.SaveState(state, "total");
        weights.SaveState(state, "weights");
    }

    /// <summary>Goes on from a remembered mean.</summary>
    public void LoadState(ComponentState state, Device device)
    {
        total.LoadState(state, "total", device);
        weights.LoadState(state, "weights", device);
    }

    public void Dispose()
    {
        total.Dispose();
        weights.Dispose();
    }
}
