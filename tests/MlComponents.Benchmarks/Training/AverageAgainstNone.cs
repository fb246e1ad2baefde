namespace MlComponents.Benchmarks.Training;

/// <summary>What an exponential moving average of the weights, updated in every step, costs a training.</summary>
internal sealed class AverageAgainstNone : Benchmark
{
    private readonly GeneratedDigits digits = new(20_000, 784);
    private readonly TrainerBlock ours;
    private readonly TrainerBlock other;

    public AverageAgainstNone()
    {
        var network = new Mlp { Hidden = [512, 256] };
        var options = new TrainerOptions { BatchSize = 128, Epochs = 3 };
        ours = new TrainerBlock(network, digits, options with { Average = new ExponentialMovingAverage() });
        other = new TrainerBlock(network, digits, options);
    }

    public override string Name => "Trainer with an EMA of the weights over one without, MLP 512-256, batch 128";

    public override string Unit => "step";

    public override double Aim => 1.05;

    public override Measurement RunOurs() => ours.Run();

    public override Measurement RunOther() => other.Run();

    public override void Dispose()
    {
        ours.Dispose();
        other.Dispose();
        digits.Dispose();
    }
}
