using System.ComponentModel.DataAnnotations;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MlComponents.ScoreProbe;

/// <summary>A network of the user's own: a linear layer beside two with tanh between them.</summary>
[Component("skip-network")]
public sealed record SkipNetwork : NetworkDefinition
{
    /// <summary>Hidden units.</summary>
    [Range(1, 1024)]
    public int Width { get; init; } = 8;

    public override nn.Module Create(NetworkContext context) => new SkipModule(context.InputSize, Width, context.Outputs);

    private sealed class SkipModule : nn.Module<Tensor, Tensor>
    {
        private readonly Linear direct;
        private readonly Linear inner;
        private readonly Linear outer;
        private readonly Parameter scale;

        public SkipModule(long inputs, long width, long outputs) : base(nameof(SkipModule))
        {
            direct = nn.Linear(inputs, outputs);
            inner = nn.Linear(inputs, width);
            outer = nn.Linear(width, outputs);
            scale = Weights.Of(ones(1));
            RegisterComponents();
        }

        public override Tensor forward(Tensor x)
        {
            using var scope = NewDisposeScope();

            return (direct.call(x) + scale * outer.call(inner.call(x).tanh())).MoveToOuterDisposeScope();
        }
    }
}
