namespace MlComponents;

/// <summary>The finalizer of SplitMix64 (Steele et al., Fast splittable pseudorandom number generators, 2014): 64 bits that depend on all 64 of the input.</summary>
internal static class SplitMix
{
    private const ulong Golden = 0x9E3779B97F4A7C15;

    /// <summary>The generator's output for a state: unlike <see cref="Mix"/> it is not 0 for 0.</summary>
    public static ulong Of(ulong state) => Mix(state + Golden);

    public static ulong Mix(ulong x)
    {
        x = (x ^ x >> 30) * 0xBF58476D1CE4E5B9;
        x = (x ^ x >> 27) * 0x94D049BB133111EB;
        return x ^ x >> 31;
    }
}
