using TorchSharp.Modules;

namespace MlComponents;

/// <summary>The fused step of <see cref="Sgd"/>.</summary>
internal sealed class FusedSgd(Sgd options, IReadOnlyList<Parameter> parameters) : FusedOptimizer(parameters, options.Momentum == 0 ? [] : [Velocity])
{
    protected override void Update(Tensor[] parameters, Tensor[] gradients, Tensor[][] state) =>
        TensorLists.Call("sgd", parameters, gradients, state.FirstOrDefault([]), LearningRate, options.Momentum, options.WeightDecay, options.Nesterov);

    // A velocity of zero makes the first step v = g as PyTorch's does, also of a parameter whose first gradient comes late.
    private static Tensor Velocity(Parameter parameter) => zeros_like(parameter);
}
