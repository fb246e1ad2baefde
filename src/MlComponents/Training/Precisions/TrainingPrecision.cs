namespace MlComponents;

/// <summary>The numbers in which a network is trained.</summary>
/// <remarks>
/// Losses and metrics are computed in float32 whatever the network gives. A precision that a machine doesn't have is an <see cref="ArgumentException"/> before the first step.
/// On a CPU libtorch 2.10 computes wrong gradients of a bfloat16 convolution with a stride above 1 of pictures that are down to one pixel; give such a network larger pictures.
/// </remarks>
public enum TrainingPrecision
{
    /// <summary>Single precision throughout.</summary>
    Float32,

    /// <summary>
    /// Weights, gradients and optimizer state in float32; convolutions, products of matrices, linear layers and attention in bfloat16 (8 bits of precision, the range of float32), chosen
    /// operation by operation by libtorch's autocast, in training and in validation. The network that comes out is an ordinary one in float32, and scores in it. On CPUs with instructions
    /// for bfloat16 a step takes half the time or less. Linux and macOS only.
    /// </summary>
    BFloat16Mixed,

    /// <summary>
    /// As <see cref="BFloat16Mixed"/> in float16 (11 bits of precision, up to 65504), with a loss that is scaled so that small gradients don't vanish (Micikevicius et al., arXiv 1710.03740,
    /// section 3.2): times 65536 at first, half of it after gradients that aren't finite, twice after 2000 steps without. The step with such gradients moves no weights and isn't seen by
    /// the optimizer; it counts as one of the run's steps. For GPUs without bfloat16; CPUs are slow in it.
    /// </summary>
    Float16Mixed,

    /// <summary>
    /// Weights, buffers, activations, gradients and optimizer state in bfloat16: half the memory. A step that changes a weight by less than about a 512th of itself is lost, so it learns
    /// less well than <see cref="BFloat16Mixed"/>. The network that comes out is bfloat16 and takes such inputs (<see cref="NetworkContext.DType"/>); weights that it starts with are rounded.
    /// </summary>
    BFloat16,
}
