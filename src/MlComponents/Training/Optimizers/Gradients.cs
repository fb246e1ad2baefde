using TorchSharp.Modules;

namespace MlComponents;

/// <summary>The gradients of a network as one vector.</summary>
internal sealed class Gradients(IReadOnlyList<Parameter> parameters)
{
    /// <summary>Replaces every gradient by its mean over all ranks.</summary>
    public void AverageOver(IProcessGroup group)
    {
        foreach (var parameter in parameters)
            if (parameter.grad is { } gradient)
                group.AllReduce(gradient, ReduceOp.Mean);
    }

    /// <summary>The L2 norm of all gradients together; scales them down where it is larger than allowed, as PyTorch's clip_grad_norm_ does.</summary>
    /// <returns>The norm before clipping, a scalar in the caller's scope.</returns>
    public Tensor Clip(double? maximum)
    {
        return tensor(nn.utils.clip_grad_norm_(parameters, maximum ?? float.MaxValue));
    }
}
