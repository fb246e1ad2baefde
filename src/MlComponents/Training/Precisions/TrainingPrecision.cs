namespace MlComponents;

/// <summary>The numbers in which a network is trained.</summary>
public enum TrainingPrecision
{
    /// <summary>Single precision throughout.</summary>
    Float32,

    /// <summary>Weights and losses in float32; products of matrices and convolutions in bfloat16, chosen operation by operation by libtorch's autocast.</summary>
    BFloat16Mixed,

    /// <summary>As <see cref="BFloat16Mixed"/> in float16, with a loss that is scaled so that small gradients don't vanish.</summary>
    Float16Mixed,

    /// <summary>Weights, activations and optimizer state in bfloat16; losses in float32.</summary>
    BFloat16,
}
