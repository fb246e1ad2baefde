namespace MlComponents.Benchmarks;

/// <summary>Runs a benchmark's two sides in turn, A B A B, so that what else happens on the machine meets both.</summary>
/// <param name="pairs">Measured pairs, after one that is not.</param>
internal sealed class Paired(int pairs)
{
    public PairedResult Run(Benchmark benchmark)
    {
        benchmark.RunOurs();
        benchmark.RunOther();

        var measured = new (Measurement Ours, Measurement Other)[pairs];
        for (var i = 0; i < pairs; i++)
            measured[i] = (benchmark.RunOurs(), benchmark.RunOther());

        return new(
            Compare(measured, measurement => measurement.WallMicroseconds),
            Compare(measured, measurement => measurement.CpuMicroseconds));
    }

    private static Comparison Compare((Measurement Ours, Measurement Other)[] pairs, Func<Measurement, double> of) => new(
        Median(pairs.Select(pair => of(pair.Ours))),
        Median(pairs.Select(pair => of(pair.Other))),
        Median(pairs.Select(pair => of(pair.Ours) / of(pair.Other))));

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}

/// <summary>One clock's view of both sides.</summary>
/// <param name="Ours">Median of our microseconds per unit.</param>
/// <param name="Other">Median of the other's.</param>
/// <param name="MedianRatio">Median of the ratios within each pair.</param>
internal readonly record struct Comparison(double Ours, double Other, double MedianRatio)
{
    /// <summary>Ratio of the medians.</summary>
    public double Ratio => Ours / Other;
}

/// <summary>A benchmark by both clocks.</summary>
internal readonly record struct PairedResult(Comparison Wall, Comparison Cpu);
