using TorchSharp.Modules;

namespace MlComponents;

/// <summary>A live normalization that may keep running estimates of each channel's mean and variance.</summary>
internal abstract class RunningNormLayer : NormalizationLayer
{
    private protected readonly Parameter? weight;             // γ, [C]
    private protected readonly Parameter? bias;               // β, [C]
    private protected readonly Tensor? running_mean;          // [C]
    private protected readonly Tensor? running_var;           // [C]
    private protected readonly Tensor? num_batches_tracked;   // []

    protected RunningNormLayer(string kind, long channels, int dimensions, bool affine, bool track) : base(kind, channels, dimensions, axis: 1)
    {
        if (affine)
        {
            weight = Weights.Of(ones(channels));
            bias = Weights.Of(zeros(channels));
        }
        if (track)
        {
            register_buffer(nameof(running_mean), running_mean = zeros(channels).DetachFromDisposeScope());
            register_buffer(nameof(running_var), running_var = ones(channels).DetachFromDisposeScope());
            register_buffer(nameof(num_batches_tracked), num_batches_tracked = tensor(0L).DetachFromDisposeScope());
        }
        RegisterComponents();
    }
}
