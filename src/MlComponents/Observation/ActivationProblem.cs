namespace MlComponents;

/// <summary>What is wrong with activations.</summary>
public enum ActivationProblem
{
    /// <summary>What goes into the network has NaN or infinite numbers.</summary>
    NonFiniteInput,

    /// <summary>A module's parameters or buffers have NaN or infinite numbers, and so has its output, but not its input.</summary>
    NonFiniteWeights,

    /// <summary>A module makes NaN or infinite numbers of finite ones.</summary>
    NonFiniteActivation,

    /// <summary>What the network returns is finite, but the loss isn't.</summary>
    NonFiniteLoss,

    /// <summary>Activations and loss are finite, but on the way back from the loss the gradient of a module's output isn't.</summary>
    NonFiniteGradient,

    /// <summary>Units of a module without negative outputs are 0 for all examples.</summary>
    DeadUnits,

    /// <summary>The root mean square of a module's output is above <see cref="ActivationLimits.LargestRms"/>.</summary>
    Exploding,

    /// <summary>The root mean square of a module's output is below <see cref="ActivationLimits.SmallestRms"/>.</summary>
    Vanishing,
}
