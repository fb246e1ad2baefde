using MlComponents;
using static TorchSharp.torch;

namespace ThirdParty;

/// <summary>A user's own network: what a README shows, and no more.</summary>
public sealed record Bottleneck : NetworkDefinition
{
    public int Width { get; init; } = 8;

    public override nn.Module Create(NetworkContext context) => nn.Sequential(
        ("narrow", nn.Linear(context.InputSize, Width)),
        ("tanh", nn.Tanh()),
        ("output", nn.Linear(Width, context.Outputs)));
}
