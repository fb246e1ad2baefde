namespace MlComponents;

/// <summary>Seeds libtorch's global generators for a run, and puts the CPU's back as it was.</summary>
/// <remarks>TorchSharp gives no access to the state of CUDA's generators: those stay seeded.</remarks>
internal sealed class RandomState : IDisposable
{
    private readonly Tensor state = random.get_rng_state().DetachFromDisposeScope();

    public RandomState(int seed) => random.manual_seed(seed);

    public void Dispose()
    {
        random.set_rng_state(state);
        state.Dispose();
    }
}
