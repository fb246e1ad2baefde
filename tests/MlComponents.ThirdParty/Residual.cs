using System.ComponentModel.DataAnnotations;
using MlComponents;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace ThirdParty;

/// <summary>A user's own network with a module of its own, found by an assembly scan.</summary>
[Component("residual")]
public sealed record Residual : NetworkDefinition
{
    /// <summary>Layers, 1 to 100; default 2.</summary>
    [Range(1, 100)]
    public int Depth { get; init; } = 2;

    /// <summary>How the rate falls, here only as a definition inside another. Default: constant.</summary>
    public ScheduleDefinition Decay { get; init; } = new Constant();

    public override nn.Module Create(NetworkContext context) => new ResidualModule(Depth, context.InputSize, context.Outputs);
}

internal sealed class ResidualModule : nn.Module<Tensor, Tensor>
{
    private readonly ModuleList<Linear> layers;
    private readonly Linear output;

    public ResidualModule(int depth, long inputs, long outputs) : base(nameof(ResidualModule))
    {
        layers = new([.. Enumerable.Range(0, depth).Select(_ => nn.Linear(inputs, inputs))]);
        output = nn.Linear(inputs, outputs);
        RegisterComponents();
    }

    public override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();

        var y = layers.Aggregate(x, (sum, layer) => sum + layer.call(sum).relu());   // [N, inputs]

        return output.call(y).MoveToOuterDisposeScope();                             // [N, outputs]
    }
}
