namespace MlComponents;

/// <summary>A sum of tensors of one shape, in float64 on their device. It belongs to no dispose scope.</summary>
internal sealed class RunningSum : IDisposable
{
    private Tensor? sum;

    /// <summary>Adds a tensor; the first decides shape and device.</summary>
    public void Add(Tensor value)
    {
        if (sum is null)
            sum = value.to(ScalarType.Float64, copy: true).DetachFromDisposeScope();
        else
            sum.Increase(value);
    }

    /// <summary>The sum in row-major order, or null where nothing was added. Waits for the device.</summary>
    public double[]? Read()
    {
        using var scope = NewDisposeScope();
        return sum?.cpu().data<double>().ToArray();
    }

    /// <summary>Remembers the sum.</summary>
    public void SaveState(ComponentState state, string name)
    {
        if (sum is not null)
            state.Set(name, sum);
    }

    /// <summary>Goes on from a remembered sum.</summary>
    public void LoadState(ComponentState state, string name, Device device)
    {
        sum?.Dispose();
        sum = state.Tensors.TryGetValue(name, out var saved) ? saved.to(ScalarType.Float64, device, copy: true).DetachFromDisposeScope() : null;
    }

    public void Dispose() => sum?.Dispose();
}
