namespace MlComponents.Tests.Networks;

/// <summary>
/// Weights from a seed, the same that tests/fixtures/peers/filling.py gives a network in Python: PyTorch's and TorchSharp's generators draw the same numbers,
/// so that no fixture has to hold weights. The rule stands in that file.
/// </summary>
internal static class NetworkFilling
{
    /// <summary>Overwrites every floating tensor of a network's state dict.</summary>
    /// <returns>The network.</returns>
    public static T Fill<T>(T network, long seed) where T : nn.Module
    {
        using var scope = NewDisposeScope();
        using var guard = no_grad();
        using var generator = new Generator((ulong)seed);

        foreach (var (key, target) in network.state_dict().OrderBy(pair => pair.Key, StringComparer.Ordinal))
            if (target.is_floating_point())
                target.copy_(Draw(key, target.shape, generator));
        return network;
    }

    private static Tensor Draw(string key, long[] shape, Generator generator)
    {
        if (key.EndsWith("running_var", StringComparison.Ordinal))
            return rand(shape, generator: generator) + 0.5;

        var normal = randn(shape, generator: generator);
        if (shape.Length >= 2)
            return normal * Math.Sqrt(1.0 / (normal.numel() / shape[0]));
        return key.EndsWith("weight", StringComparison.Ordinal) ? 1 + 0.1 * normal : 0.1 * normal;
    }
}
