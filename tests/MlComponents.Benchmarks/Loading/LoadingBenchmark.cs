namespace MlComponents.Benchmarks.Loading;

/// <summary>How fast rows come out of a loader, with the rows a second of the last block beside the name.</summary>
internal sealed class LoadingBenchmark : Benchmark
{
    private const int BatchSize = 128;

    private readonly string name;
    private readonly LoadedRows rows;
    private readonly Func<LoadedRows, long> ours;
    private readonly Func<LoadedRows, long> other;
    private Measurement lastOurs;
    private Measurement lastOther;

    /// <param name="name">What is compared.</param>
    /// <param name="aim">Largest time of ours, as a multiple of the other's.</param>
    /// <param name="rows">What is read; they are freed at the end.</param>
    /// <param name="ours">Reads all rows and counts them.</param>
    /// <param name="other">As well.</param>
    private LoadingBenchmark(string name, double aim, LoadedRows rows, Func<LoadedRows, long> ours, Func<LoadedRows, long> other) =>
        (this.name, Aim, this.rows, this.ours, this.other) = ($"Loading, {name}", aim, rows, ours, other);

    public static IReadOnlyList<Func<Benchmark>> All { get; } =
    [
        () => Decoding("1 worker against none", 1.05, OfWorkers(1), OfWorkers(0)),
        () => Decoding("2 workers against none", 0.6, OfWorkers(2), OfWorkers(0)),
        () => Decoding("4 workers against none", 0.6, OfWorkers(4), OfWorkers(0)),
        () => Decoding("2 workers against TorchSharp's DataLoader with 2", 1, OfWorkers(2), rows => PlainLoading.ByTorchSharp(rows, BatchSize, workers: 2)),
        () => Memory("1 worker against none", 1.5, OfWorkers(1), OfWorkers(0)),
        () => Memory("2 workers against none", 1.5, OfWorkers(2), OfWorkers(0)),
        () => Memory("4 workers against none", 1.5, OfWorkers(4), OfWorkers(0)),
        () => Memory("no worker against TorchSharp's DataLoader", 0.2, OfWorkers(0), rows => PlainLoading.ByTorchSharp(rows, BatchSize, workers: 1)),
        () => Memory("no worker against a bare loop of index_select", 1.1, OfWorkers(0), rows => PlainLoading.ByIndex(rows.InMemory!, BatchSize)),
    ];

    public override string Name => lastOther.Units == 0 ? name : FormattableString.Invariant($"{name}; {1e6 / lastOurs.WallMicroseconds:N0} against {1e6 / lastOther.WallMicroseconds:N0} rows/s");

    public override string Unit => "row";

    public override double Aim { get; }

    public override Measurement RunOurs() => lastOurs = Run(ours);

    public override Measurement RunOther() => lastOther = Run(other);

    public override void Dispose() => rows.Dispose();

    private static LoadingBenchmark Decoding(string name, double aim, Func<LoadedRows, long> ours, Func<LoadedRows, long> other) =>
        new($"decoded pictures, {name}", aim, LoadedRows.Decoded(2_000), ours, other);

    private static LoadingBenchmark Memory(string name, double aim, Func<LoadedRows, long> ours, Func<LoadedRows, long> other) =>
        new($"rows in memory, {name}", aim, LoadedRows.OfMemory(60_000), ours, other);

    private static Func<LoadedRows, long> OfWorkers(int workers) => rows =>
    {
        using var loader = new DataLoader(rows.Data, new RandomSampler(rows.Data.Count, seed: 1), BatchSize, CPU) { Prefetching = new() { Workers = workers } };
        return loader.Epoch(1).Sum(batch => batch.Count);
    };

    private Measurement Run(Func<LoadedRows, long> read)
    {
        var clock = Clock.Start();
        return clock.Stop(read(rows));
    }
}
