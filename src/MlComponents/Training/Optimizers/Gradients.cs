using TorchSharp.Modules;

namespace MlComponents;

/// <summary>The gradients of a network as one vector.</summary>
internal sealed class Gradients(IReadOnlyList<Parameter> parameters)
{
    /// <summary>Replaces every gradient by its mean over all ranks.</summary>
    public void AverageOver(IProcessGroup group)
    {
        if (group.WorldSize == 1)
            return;

        using var scope = NewDisposeScope();
        foreach (var gradient in Present())
            group.AllReduce(gradient, ReduceOp.Mean);
    }

    /// <summary>The L2 norm of all gradients together; scales them down where it is larger than allowed, as PyTorch's clip_grad_norm_ does.</summary>
    /// <param name="maximum">The largest norm allowed; null only measures.</param>
    /// <returns>The norm before clipping, a scalar on the gradients' device in the caller's scope; 0 where there are none.</returns>
    public Tensor Clip(double? maximum)
    {
        using var scope = NewDisposeScope();
        using var mode = no_grad();

        var gradients = Present();
        var norm = gradients.Length == 0 ? zeros([])
            : maximum is { } value ? TensorLists.Call("clip", gradients, value)
            : TensorLists.Call("norm", [gradients]);

        return norm.MoveToOuterDisposeScope();   // []
    }

    private Tensor[] Present() => [.. parameters.Select(parameter => parameter.grad).OfType<Tensor>()];
}
