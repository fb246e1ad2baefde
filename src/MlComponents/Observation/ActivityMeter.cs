namespace MlComponents;

/// <summary>Adds up what a module returns, on its device, without waiting for it.</summary>
internal sealed class ActivityMeter : IDisposable
{
    private long elements;
    private Tensor? sums;       // sum of squares and number of the finite elements, float64 [2]
    private Tensor? smallest;   // of the finite elements, infinite where there are none, float64 [1]
    private Tensor? largest;    // magnitude of the finite elements of each unit, float64 [units]
    private bool hasUnits = true;

    /// <summary>Adds an output of at least one element.</summary>
    /// <param name="output">The output.</param>
    /// <param name="unitsAreLast">Whether the units are its last dimension; else they are the second.</param>
    public void Add(Tensor output, bool unitsAreLast)
    {
        using var scope = NewDisposeScope();
        using var mode = no_grad();
        var x = ActivationStatistics.Real(output.detach());
        var isFinite = x.isfinite();
        var finite = x.nan_to_num(0, 0, 0);

        elements += x.numel();
        var added = stack([finite.square().sum(), isFinite.sum(x.dtype)]).to(ScalarType.Float64);   // [2]
        Keep(ref sums, sums is null ? added : sums.Plus(added));
        var low = x.nan_to_num(double.PositiveInfinity, double.PositiveInfinity, double.PositiveInfinity).min().to(ScalarType.Float64).view(1);   // [1]
        Keep(ref smallest, smallest is null ? low : minimum(smallest, low));
        AddUnits(finite.abs(), unitsAreLast ? (int)x.dim() - 1 : 1);
    }

    /// <summary>All numbers for <see cref="Read"/>, where they are.</summary>
    /// <returns>float64 [3 + units].</returns>
    public Tensor ToVector() => cat(largest is null ? [sums!, smallest!] : [sums!, smallest!, largest]);

    /// <summary>Makes of what <see cref="ToVector"/> gave what a module did.</summary>
    /// <param name="module">The module.</param>
    /// <param name="vector">The numbers.</param>
    public ModuleActivity Read(ObservedModule module, double[] vector)
    {
        var (squares, count, least, units) = (vector[0], vector[1], vector[2], vector[3..]);
        return new(
            module.Name, module.Module.GetType().Name, Math.Sqrt(squares / count), count == 0 ? double.NaN : least, (elements - count) / elements,
            units.Length, [.. units.Index().Where(unit => unit.Item == 0).Select(unit => (long)unit.Index)]);
    }

    public void Dispose()
    {
        sums?.Dispose();
        smallest?.Dispose();
        largest?.Dispose();
    }

    private void AddUnits(Tensor magnitude, int dimension)
    {
        hasUnits &= magnitude.dim() >= 2 && (largest is null || largest.numel() == magnitude.shape[dimension]);   // a module may return vectors of several lengths
        if (!hasUnits)
        {
            Keep(ref largest, null);
            return;
        }
        var high = magnitude.amax([.. Enumerable.Range(0, (int)magnitude.dim()).Where(i => i != dimension).Select(i => (long)i)]).to(ScalarType.Float64);   // [units]
        Keep(ref largest, largest is null ? high : maximum(largest, high));
    }

    private static void Keep(ref Tensor? kept, Tensor? value)
    {
        kept?.Dispose();
        kept = value?.DetachFromDisposeScope();
    }
}
