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

    /// <summary><c>σ(x) = 1/(1 + e⁻ˣ)</c>.</summary>
    Sigmoid,

    /// <summary><c>max(0, x) + 0.01·min(0, x)</c>.</summary>
    LeakyRelu,

    /// <summary><c>x</c> where it is positive, <c>eˣ − 1</c> elsewhere (Clevert et al., arXiv 1511.07289).</summary>
    Elu,

    /// <summary><c>min(max(0, x), 6)</c>.</summary>
    Relu6,

    /// <summary><c>x·relu6(x + 3)/6</c> (Howard et al., arXiv 1905.02244).</summary>
    HardSwish,

    /// <summary><c>relu6(x + 3)/6</c>.</summary>
    HardSigmoid,

    /// <summary><c>x·tanh(log(1 + eˣ))</c> (Misra, arXiv 1908.08681).</summary>
    Mish,
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
        Activation.Sigmoid => nn.Sigmoid(),
        Activation.LeakyRelu => nn.LeakyReLU(0.01),
        Activation.Elu => nn.ELU(),
        Activation.Relu6 => nn.ReLU6(),
        Activation.HardSwish => nn.Hardswish(),
        Activation.HardSigmoid => nn.Hardsigmoid(),
        Activation.Mish => nn.Mish(),
        _ => throw new ArgumentOutOfRangeException(nameof(activation), activation, "There is no such activation."),
    };
}
