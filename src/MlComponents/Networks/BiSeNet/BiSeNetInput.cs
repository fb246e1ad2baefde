namespace MlComponents;

/// <summary>What both BiSeNets ask of their images.</summary>
internal static class BiSeNetInput
{
    /// <summary>The branches meet where height and width can be halved five times.</summary>
    public const long Factor = 32;

    /// <summary>Refuses images whose size doesn't fit and, in train mode, a batch that batch normalization can't take.</summary>
    /// <param name="network">Who is called.</param>
    /// <param name="x">[N, C, H, W].</param>
    /// <param name="normalizesOverBatch">Whether mean and variance are taken over the batch now.</param>
    /// <exception cref="ArgumentException">The images or the batch don't fit.</exception>
    public static void Check(string network, Tensor x, bool normalizesOverBatch)
    {
        MapShape.Of(network, x.shape[1..]).MultiplesOf(network, Factor);
        if (normalizesOverBatch && x.shape[0] == 1)
            throw new ArgumentException(
                $"{network} normalizes the mean of each channel over the batch, which a batch of one image doesn't allow in train mode: "
                + "train on two images or more at a time, also in the last batch of an epoch, or choose a normalization that doesn't look at the batch.");
    }
}
