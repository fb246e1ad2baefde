namespace MlComponents;

/// <summary>Random numbers that are a function of a seed and an epoch alone.</summary>
internal static class EpochGenerator
{
    public static Generator Create(int seed, int epoch) => new(State(seed, epoch) >> 32);   // libtorch's Mersenne Twister takes 32 bits

    /// <summary>The state with which a generator of 64 bits begins.</summary>
    public static ulong State(int seed, int epoch) => SplitMix.Mix((ulong)(uint)seed << 32 | (uint)epoch);
}
