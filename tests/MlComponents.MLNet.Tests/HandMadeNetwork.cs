using TorchSharp.Modules;

namespace MlComponents.MLNet.Tests;

/// <summary>A linear network with everything that a user makes by hand: a parameter, a buffer that is saved and one that isn't.</summary>
[Component("hand-made")]
internal sealed record HandMadeNetwork : NetworkDefinition
{
    public override nn.Module Create(NetworkContext context) => new Module(context);

    private sealed class Module : nn.Module<Tensor, Tensor>
    {
        private readonly Parameter weight;

        public Module(NetworkContext context) : base(nameof(HandMadeNetwork))
        {
            weight = new Parameter(zeros(context.InputSize, context.Outputs));   // in the caller's dispose scope, as Weights.Of would not be
            RegisterComponents();
            register_buffer("shift", zeros(context.Outputs));
            register_buffer("gain", ones(context.Outputs), persistent: false);
        }

        public override Tensor forward(Tensor x)
        {
            using var scope = NewDisposeScope();

            return (x.matmul(weight) * get_buffer("gain")! + get_buffer("shift")!).MoveToOuterDisposeScope();
        }
    }
}
