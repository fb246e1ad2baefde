namespace MlComponents;

/// <summary>Seeds libtorch's global generators for a run, and puts the CPU's back as it was.</summary>
/// <remarks>TorchSharp gives no access to the state of CUDA's generators: those stay seeded.</remarks>
internal sealed class RandomState : IDisposable
{
    private readonly Tensor state = DefaultGenerator.GetState().DetachFromDisposeScope();

    public RandomState(int seed) => random.manual_seed(seed);

    /// <summary>Remembers where the CPU's generator is.</summary>
    public static void SaveState(ComponentState state)
    {
        using var current = DefaultGenerator.GetState();
        state.Set("cpu", current);
    }

    /// <summary>Puts the CPU's generator where it was; CUDA's, whose place isn't known, are seeded anew by the run's seed and step.</summary>
    public static void LoadState(ComponentState state, int seed, long step)
    {
        random.manual_seed((long)(SplitMix.Of(SplitMix.Of((uint)seed) + (ulong)step) >> 1));
        using var scope = NewDisposeScope();
        var place = DefaultGenerator.GetState();
        state.CopyTo("cpu", place);
        DefaultGenerator.SetState(place);
    }

    public void Dispose()
    {
        DefaultGenerator.SetState(state);
        state.Dispose();
    }
}
