namespace MlComponents;

/// <summary>Random numbers that are a function of a seed and an epoch alone.</summary>
internal static class EpochGenerator
{
    public static Generator Create(int seed, int epoch) => new(SplitMix.Mix((ulong)(uint)seed << 32 | (uint)epoch) >> 32);   // libtorch's Mersenne Twister takes 32 bits
}
