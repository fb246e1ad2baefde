namespace MlComponents.Benchmarks.Training;

/// <summary>An option whose cost is of interest, on a network and data on which it shows.</summary>
/// <param name="Name">The option.</param>
/// <param name="On">The network, and its batch.</param>
/// <param name="Aim">Largest time of a step with it, as a multiple of one without.</param>
/// <param name="Network">The network.</param>
/// <param name="Digits">The data.</param>
/// <param name="With">How it is trained with the option.</param>
/// <param name="Without">The same without; its batch is that of a step.</param>
internal sealed record OptionCase(string Name, string On, double Aim, NetworkDefinition Network, Func<GeneratedDigits> Digits, TrainerOptions With, TrainerOptions Without)
{
    private static readonly TrainerOptions OfMlp = new() { BatchSize = 128, Epochs = 6 };
    private static readonly TrainerOptions OfImages = new() { BatchSize = 64, Epochs = 2 };

    public static OptionCase Average { get; } = Mlp("Average of the weights (EMA) in every step", 1.05, OfMlp with { Average = new ExponentialMovingAverage() });

    /// <summary>Until the last one is on the disk.</summary>
    public static OptionCase Checkpoints { get; } = Mlp("Checkpoint every 100 steps", 1.02, OfMlp with
    {
        Checkpoints = new() { Folder = Path.Combine(Path.GetTempPath(), $"checkpoints-{Guid.NewGuid():N}"), EverySteps = 100, EveryEpoch = false },
    });

    /// <summary>With all that it writes by default, histograms of every weight and gradient after each epoch included; without the network's graph, which is drawn before the first step.</summary>
    public static OptionCase TensorBoard { get; } = Mlp("TensorBoard", 1.05, OfMlp with
    {
        Callbacks = [new TensorBoard { Folder = Path.Combine(Path.GetTempPath(), $"tensorboard-{Guid.NewGuid():N}") }],
    });

    /// <summary>A third of a step is the forward pass, which is done twice; what it saves is all activations of the stages but their inputs.</summary>
    public static OptionCase CheckpointBlocks { get; } = new(
        "CheckpointBlocks layer1 to layer4", "ResNet-18 of width 16, batch 64", 1.4, new ResNet { Width = 16, Stem = ResNetStem.Cifar }, () => new(256, 1, 28, 28),
        OfImages with { Epochs = 1, CheckpointBlocks = ["layer*.*"] }, OfImages with { Epochs = 1 });

    public static OptionCase Accumulation { get; } = new(
        "Accumulation of 4 batches of 16", "ConvNet 16-32, batch 64", 1.2, new ConvNet(), () => new(1280, 1, 28, 28), OfImages with { BatchSize = 16, AccumulateBatches = 4 }, OfImages);

    /// <summary>Hooks on: in every step each module's output is looked at.</summary>
    public static OptionCase Watching { get; } = Mlp("WatchActivations in every step", 2, OfMlp with { Callbacks = [new WatchActivations { EverySteps = 1 }] });

    /// <summary>Hooks off: in all steps but every hundredth.</summary>
    public static OptionCase WatchingNow { get; } = Mlp("WatchActivations every 100 steps", 1.02, OfMlp with { Callbacks = [new WatchActivations()] });

    public static IReadOnlyList<OptionCase> All { get; } = [Average, Checkpoints, TensorBoard, CheckpointBlocks, Accumulation, Watching, WatchingNow];

    private static OptionCase Mlp(string name, double aim, TrainerOptions with) => new(name, "MLP 512-256, batch 128", aim, new Mlp { Hidden = [512, 256] }, () => new(20_000, 784), with, OfMlp);
}
