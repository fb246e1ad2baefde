using System.Runtime.InteropServices;
using TorchSharp.Modules;

namespace MlComponents;

/// <summary>The gradients of one step as one vector; they live as long as the dispose scope in which they were collected.</summary>
internal sealed class Gradients
{
    private const double Epsilon = 1e-6;   // clip_grad_norm_'s
    private const int LargestSpan = int.MaxValue / sizeof(float);

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

    /// <summary>Divides every gradient by the factor that the loss was multiplied by.</summary>
    /// <returns>Whether all gradients are finite, which has to be waited for.</returns>
    public bool DivideBy(double factor)
    {
        using var scope = NewDisposeScope();
        using var mode = no_grad();

        if (gradients.Length == 0)
            return true;
        var device = gradients[0].device;
        return TensorLists.Call("unscale", gradients, zeros(1, device: device), ones(1, device: device).Times(1 / factor)).item<float>() == 0;
    }

    /// <summary>Cuts every number to a largest absolute value, as PyTorch's clip_grad_value_ does.</summary>
    public void ClipValue(double maximum)
    {
        using var mode = no_grad();
        using Scalar lowest = -maximum, highest = maximum;   // held as those of HeldScalars
        foreach (var gradient in gradients)
            gradient.clamp_(lowest, highest);
    }

    /// <summary>The L2 norm of all gradients together; scales them down where it is larger than allowed, as PyTorch's clip_grad_norm_ does.</summary>
    /// <param name="maximum">The largest norm allowed; null only measures.</param>
    /// <returns>The norm before clipping, a scalar on the gradients' device in the caller's scope; 0 where there are none.</returns>
    public Tensor Clip(double? maximum)
    {
        using var scope = NewDisposeScope();
        using var mode = no_grad();

        if (gradients.Length == 0)
            return zeros([]).MoveToOuterDisposeScope();
        using Scalar epsilon = Epsilon, one = 1, allowed = maximum ?? 0;   // held as those of HeldScalars

        var isInMemory = gradients.All(IsInMemory);
        var norm = isInMemory ? tensor(NormInMemory()) : TensorLists.Call("norm", [gradients]); // []
        if (maximum is { } largest && !(isInMemory && norm.item<float>() + Epsilon <= largest))   // reading it elsewhere would wait for the device
            TensorLists.Call("scale", gradients, (allowed / norm.add(epsilon, one)).clamp_max(one));

        return norm.MoveToOuterDisposeScope();
    }

    private static bool IsInMemory(Tensor gradient) =>
        gradient.device_type == DeviceType.CPU && gradient.dtype == ScalarType.Float32 && gradient.is_contiguous() && gradient.numel() <= LargestSpan;

    private float NormInMemory() =>
        (float)Math.Sqrt(gradients.Sum(gradient => SumOfSquares.Of(MemoryMarshal.Cast<byte, float>(gradient.bytes))));
}
