namespace MlComponents.Benchmarks.Training;

/// <summary>The trainer as it is against a loop with TorchSharp's own DataLoader and Adam.</summary>
internal sealed class TrainerAgainstTorchSharp : Benchmark
{
    private readonly GeneratedDigits digits = new(20_000, 784);
    private readonly TrainerBlock ours;
    private readonly TorchSharpLoop other;

    public TrainerAgainstTorchSharp()
    {
        var network = new Mlp { Hidden = [512, 256] };
        ours = new TrainerBlock(network, digits, new() { BatchSize = 128, Epochs = 3 });
        other = new TorchSharpLoop(network, digits, batchSize: 128, epochs: 3);
    }

    public override string Name => "Trainer against TorchSharp's DataLoader and Adam, MLP 512-256, batch 128";

    public override string Unit => "step";

    public override double Aim => 1 / 1.5;

    public override Measurement RunOurs() => ours.Run();

    public override Measurement RunOther() => other.Run();

    public override void Dispose()
    {
        ours.Dispose();
        digits.Dispose();
    }
}
