namespace MlComponents.Benchmarks.Scoring;

/// <summary>What reading rows from a data view and giving scores out as one costs over batches without ML.NET.</summary>
internal sealed class TransformAgainstBatches : Benchmark
{
    private readonly Lazy<FittedDigits> fitted;

    private TransformAgainstBatches(string name, double aim, NetworkDefinition network, int rows)
    {
        (Name, Aim) = ($"Transform, reading Score, against plain batches of 256, {name}", aim);
        fitted = new(() => new FittedDigits(network, rows));
    }

    public override string Name { get; }

    public override string Unit => "row";

    public override double Aim { get; }

    public static TransformAgainstBatches OfMlp() => new("MLP 512-256", 1 / 0.8, new Mlp { Hidden = [512, 256] }, 20_000);

    public static TransformAgainstBatches OfConvNet() => new("ConvNet 16-32", 1 / 0.95, new ConvNet { InputShape = [1, 28, 28] }, 4096);

    public override Measurement RunOurs() => fitted.Value.ScoreByTransform();

    public override Measurement RunOther() => fitted.Value.ScoreBatches();

    public override void Dispose()
    {
        if (fitted.IsValueCreated)
            fitted.Value.Dispose();
    }
}
