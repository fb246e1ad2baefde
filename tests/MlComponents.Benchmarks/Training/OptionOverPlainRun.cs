namespace MlComponents.Benchmarks.Training;

/// <summary>What an option costs: a run with it against the same run without.</summary>
internal sealed class OptionOverPlainRun : Benchmark
{
    private readonly GeneratedDigits digits;
    private readonly TrainerBlock ours;
    private readonly TrainerBlock other;

    public OptionOverPlainRun(OptionCase option)
    {
        (Name, Aim) = ($"{option.Name} over none, {option.On}", option.Aim);
        digits = option.Digits();
        ours = new TrainerBlock(option.Network, digits, option.With);
        other = new TrainerBlock(option.Network, digits, option.Without);
    }

    public override string Name { get; }

    public override string Unit => "step";

    public override double Aim { get; }

    public override Measurement RunOurs() => ours.Run();

    public override Measurement RunOther() => other.Run();

    public override void Dispose()
    {
        ours.Dispose();
        other.Dispose();
        digits.Dispose();
    }
}
