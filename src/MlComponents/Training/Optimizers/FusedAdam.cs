using TorchSharp.Modules;

namespace MlComponents;

/// <summary>The fused steps of <see cref="Adam"/> and of <see cref="AdamW"/>, whose weight decay is decoupled from the gradient.</summary>
internal sealed class FusedAdam(IReadOnlyList<Parameter> parameters, bool decoupled, double beta1, double beta2, double epsilon, double weightDecay)
    : FusedOptimizer(parameters, Zeros, Zeros, Steps)
{
    private readonly string function = decoupled ? "adamw" : "adam";

    protected override void Update(Tensor[] parameters, Tensor[] gradients, Tensor[][] state) =>
        TensorLists.Call(function, parameters, gradients, state[0], state[1], state[2], LearningRate, beta1, beta2, epsilon, weightDecay);

    private static Tensor Zeros(Parameter parameter) => zeros_like(parameter);

    private static Tensor Steps(Parameter parameter) => zeros([], ScalarType.Float32, parameter.device);   // each counts its own
}
