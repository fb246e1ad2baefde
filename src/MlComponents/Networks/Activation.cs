namespace MlComponents;

/// <summary>A nonlinearity between layers.</summary>
public enum Activation
{
    /// <summary><c>max(0, x)</c>.</summary>
    Relu,

    /// <summary><c>x·Φ(x)</c>, with the Gaussian's distribution function Φ (Hendrycks and Gimpel, arXiv 1606.08415).</summary>
    Gelu,

    /// <summary><c>x·σ(x)</c> (Elfwing et al., arXiv 1702.03118).</summary>
    Silu,

    /// <summary>The hyperbolic tangent.</summary>
    Tanh,
}

/// <summary>Builds the modules of <see cref="Activation"/>.</summary>
internal static class Activations
{
    public static nn.Module<Tensor, Tensor> Create(this Activation activation) => activation switch
    {
        Activation.Relu => nn.ReLU(),
        Activation.Gelu => nn.GELU(),
        Activation.Silu => nn.SiLU(),
        Activation.Tanh => nn.Tanh(),
        _ => throw new ArgumentOutOfRangeException(nameof(activation), activation, "There is no such activation."),
    };
}
