using MlComponents.Benchmarks.Loading;

namespace MlComponents.Benchmarks.Training;

/// <summary>A run on pictures that have to be decoded, with workers that read ahead against the same without.</summary>
internal sealed class PrefetchingWhileTraining : Benchmark
{
    private readonly TrainerBlock ours;
    private readonly TrainerBlock other;

    public PrefetchingWhileTraining()
    {
        var network = new ConvNet { Blocks = [new() { Channels = 8 }, new() { Channels = 8 }] };
        var options = new TrainerOptions { BatchSize = 64, Epochs = 1 };
        ours = new TrainerBlock(network, new CompressedPictures(1280), options with { Prefetching = new() { Workers = 1 } });
        other = new TrainerBlock(network, new CompressedPictures(1280), options);
    }

    public override string Name => "Prefetch by 1 worker over none, decoded pictures, ConvNet 8-8, batch 64";

    public override string Unit => "step";

    public override double Aim => 1;

    public override Measurement RunOurs() => ours.Run();

    public override Measurement RunOther() => other.Run();

    public override void Dispose()
    {
        ours.Dispose();
        other.Dispose();
    }
}
