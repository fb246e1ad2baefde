namespace MlComponents.Benchmarks.Training;

/// <summary>What an option costs: a run with it against the same run without.</summary>
internal sealed class OptionOverPlainRun : Benchmark
{
    private readonly GeneratedDigits digits;
    private readonly TrainerBlock ours;
    private readonly TrainerBlock other;
    private readonly string? folder;

    private OptionOverPlainRun(string name, double aim, NetworkDefinition network, GeneratedDigits digits, TrainerOptions with, TrainerOptions without, string? folder = null)
    {
        (Name, Aim) = (name, aim);
        this.digits = digits;
        this.folder = folder;
        ours = new TrainerBlock(network, digits, with);
        other = new TrainerBlock(network, digits, without);
    }

    public override string Name { get; }

    public override string Unit => "step";

    public override double Aim { get; }

    public static OptionOverPlainRun OfAverage()
    {
        var options = new TrainerOptions { BatchSize = 128, Epochs = 3 };
        return OfMlp("Average of the weights (EMA) in every step over none", 1.05, options with { Average = new ExponentialMovingAverage() }, options);
    }

    // Until the last one is on the disk.
    public static OptionOverPlainRun OfCheckpoints()
    {
        var options = new TrainerOptions { BatchSize = 128, MaxSteps = 1000 };
        var folder = Directory.CreateTempSubdirectory("checkpoints-").FullName;
        return OfMlp("Checkpoint every 100 steps over none", 1.02, options with { Checkpoints = new() { Folder = folder, EverySteps = 100, EveryEpoch = false } }, options, folder);
    }

    // A third of a step is the forward pass, which is done twice; what it saves is all activations of the stages but their inputs.
    public static OptionOverPlainRun OfCheckpointBlocks()
    {
        var options = new TrainerOptions { BatchSize = 64, Epochs = 1 };
        var network = new ResNet { Width = 16, Stem = ResNetStem.Cifar };
        return new("CheckpointBlocks layer1 to layer4 over none, ResNet-18 of width 16, batch 64", 1.4, network, new(256, 1, 28, 28), options with { CheckpointBlocks = ["layer*.*"] }, options);
    }

    public static OptionOverPlainRun OfAccumulation()
    {
        var options = new TrainerOptions { BatchSize = 64, Epochs = 2 };
        return new("Accumulation of 4 batches of 16 over one of 64, ConvNet 16-32", 1.2, new ConvNet(), new(1280, 1, 28, 28), options with { BatchSize = 16, AccumulateBatches = 4 }, options);
    }

    public override Measurement RunOurs()
    {
        DeleteCheckpoints();
        return ours.Run();
    }

    public override Measurement RunOther() => other.Run();

    public override void Dispose()
    {
        ours.Dispose();
        other.Dispose();
        digits.Dispose();
        DeleteCheckpoints();
    }

    private void DeleteCheckpoints()
    {
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
    }

    private static OptionOverPlainRun OfMlp(string name, double aim, TrainerOptions with, TrainerOptions without, string? folder = null) =>
        new($"{name}, MLP 512-256, batch 128", aim, new Mlp { Hidden = [512, 256] }, new(20_000, 784), with, without, folder);
}
