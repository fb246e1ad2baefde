namespace MlComponents;

/// <summary>What both BiSeNets ask of their images.</summary>
internal static class BiSeNetInput
{
    private const long Factor = 32;   // the deepest branch halves the size five times, and then the branches have to meet

    /// <summary>Channels of the images that a network is built for.</summary>
    /// <exception cref="ArgumentException">The images aren't [C, H, W] with H and W multiples of 32.</exception>
    public static long Channels(NetworkDefinition network, NetworkContext context) => MapShape.Of(network, context).MultiplesOf(network.GetType().Name, Factor).Channels;

    /// <summary>Refuses images that a network can't take.</summary>
    /// <param name="network">Who is called.</param>
    /// <param name="x">[N, C, H, W].</param>
    /// <param name="channels">Channels C that it was built for.</param>
    /// <exception cref="ArgumentException">They aren't [N, C, H, W] with H and W multiples of 32.</exception>
    public static void Check(string network, Tensor x, long channels)
    {
        LayerShapes.CheckMaps(network, x, channels);
        MapShape.Of(network, x.shape[1..]).MultiplesOf(network, Factor);
    }
}
