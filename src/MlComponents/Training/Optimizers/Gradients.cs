using TorchSharp.Modules;

namespace MlComponents;

/// <summary>The gradients of one step as one vector; they live as long as the dispose scope in which they were collected.</summary>
internal sealed class Gradients
{
    private readonly Tensor[] gradients;

    /// <summary>Collects the gradients that parameters have after a backward pass.</summary>
    public Gradients(IReadOnlyList<Parameter> parameters) =>
        gradients = [.. parameters.Select(parameter => parameter.grad).OfType<Tensor>()];

    /// <summary>Replaces every gradient by its mean over all ranks.</summary>
    public void AverageOver(IProcessGroup group)
    {
        foreach (var gradient in gradients)
            group.AllReduce(gradient, ReduceOp.Mean);
    }

    /// <summary>The L2 norm of all gradients together; scales them down where it is larger than allowed, as PyTorch's clip_grad_norm_ does.</summary>
    /// <param name="maximum">The largest norm allowed; null only measures.</param>
    /// <returns>The norm before clipping, a scalar on the gradients' device in the caller's scope; 0 where there are none.</returns>
    public Tensor Clip(double? maximum)
    {
        using var scope = NewDisposeScope();
        using var mode = no_grad();

        var norm = gradients.Length == 0 ? zeros([])
            : maximum is { } value ? TensorLists.Call("clip", gradients, value)
            : TensorLists.Call("norm", [gradients]);

        return norm.MoveToOuterDisposeScope();   // []
    }
}
