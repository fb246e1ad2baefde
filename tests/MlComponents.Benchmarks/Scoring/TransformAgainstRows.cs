namespace MlComponents.Benchmarks.Scoring;

/// <summary>What scoring in batches gains over one pass of the network for every row.</summary>
internal sealed class TransformAgainstRows : Benchmark
{
    private readonly Lazy<FittedDigits> fitted = new(() => new FittedDigits(new Mlp { Hidden = [512, 256] }, 20_000));

    public override string Name => "Transform, reading Score, against row by row, MLP 512-256";

    public override string Unit => "row";

    public override double Aim => 1 / 4.0;

    public override Measurement RunOurs() => fitted.Value.ScoreByTransform();

    public override Measurement RunOther() => fitted.Value.ScoreRowByRow();

    public override void Dispose()
    {
        if (fitted.IsValueCreated)
            fitted.Value.Dispose();
    }
}
