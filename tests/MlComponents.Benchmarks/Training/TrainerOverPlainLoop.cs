namespace MlComponents.Benchmarks.Training;

/// <summary>What the trainer's batching, gradient norm and monitoring cost over a plain loop with the same optimizer.</summary>
internal sealed class TrainerOverPlainLoop : Benchmark
{
    private readonly GeneratedDigits digits;
    private readonly TrainerBlock ours;
    private readonly PlainLoop other;

    private TrainerOverPlainLoop(string name, double aim, NetworkDefinition network, GeneratedDigits digits, int batchSize, int epochs, TrainingPrecision precision = default)
        : this($"{name}, batch {batchSize}", aim, network, digits, new TrainerOptions { BatchSize = batchSize, Epochs = epochs, Precision = precision })
    {
    }

    private TrainerOverPlainLoop(string name, double aim, NetworkDefinition network, GeneratedDigits digits, TrainerOptions options)
    {
        (Name, Aim) = ($"Trainer over plain loop, same optimizer, {name}", aim);
        this.digits = digits;
        ours = new TrainerBlock(network, digits, options);
        other = new PlainLoop(network, digits, options.Optimizer, options.BatchSize * options.AccumulateBatches, options.Epochs, options.Precision == TrainingPrecision.BFloat16Mixed);
    }

    public override string Name { get; }

    public override string Unit => "step";

    public override double Aim { get; }

    public static TrainerOverPlainLoop OfMlp() => new("MLP 512-256", 1.03, new Mlp { Hidden = [512, 256] }, new(20_000, 784), 128, 3);

    public static TrainerOverPlainLoop OfConvNet(int batchSize) => new("ConvNet 16-32", 1.01, new ConvNet(), new(1280, 1, 28, 28), batchSize, 2);

    public static TrainerOverPlainLoop OfResNetInBFloat16() =>
        new("ResNet-18 of CIFAR in bfloat16 by autocast", 1.01, PrecisionAgainstFloat32.CifarResNet, new(640, 3, 32, 32), 64, 1, TrainingPrecision.BFloat16Mixed);

    /// <summary>The trainer with an option against a loop that has none of it, so that its own cost comes on top of the option's.</summary>
    public static TrainerOverPlainLoop With(OptionCase option) => new($"{option.On}, the trainer with: {option.Name}", 1.03 * option.Aim, option.Network, option.Digits(), option.With);

    public override Measurement RunOurs() => ours.Run();

    public override Measurement RunOther() => other.Run();

    public override void Dispose()
    {
        ours.Dispose();
        digits.Dispose();
    }
}
