namespace MlComponents;

/// <summary>Reads a tensor of one element.</summary>
internal static class TensorNumber
{
    /// <summary>The number, which is waited for.</summary>
    /// <remarks>Not TorchSharp's <c>ToDouble()</c>: it goes through a scalar that a collection on another thread may free before it is read, and that ends the process.</remarks>
    public static double Number(this Tensor x)
    {
        using var wide = x.to(ScalarType.Float64, copy: true);
        return wide.item<double>();
    }
}
