namespace MlComponents;

/// <summary>The state of libtorch's generator of the CPU.</summary>
/// <remarks>
/// TorchSharp's own <c>get_rng_state</c> reads it through a temporary that a garbage collection on another thread may free meanwhile, which ends the process now and then. This one is held.
/// </remarks>
internal static class DefaultGenerator
{
    private static readonly Generator Held = Generator.Default;

    /// <summary>The state: uint8, in the caller's dispose scope.</summary>
    public static Tensor GetState() => Held.get_state();

    /// <summary>Makes the state what it was.</summary>
    public static void SetState(Tensor state) => Held.set_state(state);
}
