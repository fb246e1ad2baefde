using TorchSharp.Modules;

namespace MlComponents;

/// <summary>Makes parameters that outlive the dispose scope in which a layer is built.</summary>
public static class Weights
{
    /// <summary>A trainable parameter from a tensor, detached from every dispose scope (one made by hand would die with the scope).</summary>
    /// <param name="tensor">Initial values, floating point; the parameter takes it over.</param>
    public static Parameter Of(Tensor tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        var parameter = new Parameter(tensor);
        parameter.DetachFromDisposeScope();
        return parameter;
    }
}
