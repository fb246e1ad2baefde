namespace MlComponents.Benchmarks.Training;

/// <summary>The trainer in a narrower precision against itself in float32, with the loss that each ends with.</summary>
internal sealed class PrecisionAgainstFloat32 : Benchmark
{
    /// <summary>ResNet-18 for pictures of 32x32.</summary>
    public static readonly ResNet CifarResNet = new() { Depth = 18, Stem = ResNetStem.Cifar };

    private readonly string name;
    private readonly GeneratedDigits digits;
    private readonly TrainerBlock narrow;
    private readonly TrainerBlock single;

    private PrecisionAgainstFloat32(string name, double aim, TrainingPrecision precision, NetworkDefinition network, GeneratedDigits digits, int epochs)
    {
        (this.name, Aim) = ($"Trainer in {precision} against Float32, {name}, batch 64", aim);
        this.digits = digits;
        var options = new TrainerOptions { BatchSize = 64, Epochs = epochs };
        narrow = new TrainerBlock(network, digits, options with { Precision = precision });
        single = new TrainerBlock(network, digits, options);
    }

    public override string Name => single.Loss == 0 ? name : FormattableString.Invariant($"{name}; loss of the last epoch {narrow.Loss:F4} against {single.Loss:F4}");

    public override string Unit => "step";

    public override double Aim { get; }

    public static PrecisionAgainstFloat32 OfResNet(TrainingPrecision precision, double aim) => new("ResNet-18 of CIFAR", aim, precision, CifarResNet, new(640, 3, 32, 32), 1);

    public static PrecisionAgainstFloat32 OfConvNet(TrainingPrecision precision, double aim) => new("ConvNet 16-32", aim, precision, new ConvNet(), new(1280, 1, 28, 28), 2);

    public override Measurement RunOurs() => narrow.Run();

    public override Measurement RunOther() => single.Run();

    public override void Dispose()
    {
        narrow.Dispose();
        single.Dispose();
        digits.Dispose();
    }
}
