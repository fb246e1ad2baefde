namespace MlComponents;

/// <summary>What layers make of a batch of pictures, as maps to look at.</summary>
public static class FeatureMaps
{
    /// <summary>Records the maps of some layers for one batch, in eval mode and without gradients; its modules' modes are put back.</summary>
    /// <param name="network">The network.</param>
    /// <param name="input">A batch of inputs, [N, ...].</param>
    /// <param name="patterns">Names of modules that return maps, in which <c>*</c> stands for any characters; those that return none, where others do, are left out.</param>
    /// <returns>
    /// By the module's name, of its last call: what it returned, float32 [N, C, H, W], in memory of its own; a module behind it that works in place has changed it. The tensors are in the caller's dispose scope.
    /// </returns>
    /// <exception cref="ArgumentException">A pattern means no module that can be watched, or none of those that it means returned maps.</exception>
    public static IReadOnlyDictionary<string, Tensor> Record(nn.Module<Tensor, Tensor> network, Tensor input, params IReadOnlyList<string> patterns)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(input);
        using var scope = NewDisposeScope();
        using var mode = no_grad();
        using var observer = network.Observe(patterns, new() { Gradients = false });
        using (new FrozenNetwork(network))
            network.call(input);

        var maps = observer.Modules.Where(module => module.Activation is { } x && x.dim() == 4).ToDictionary(module => module.Name, module => module.Activation!.to(ScalarType.Float32, copy: true).MoveToOuterDisposeScope());
        return maps.Count > 0 ? maps : throw new ArgumentException(
            $"None of the modules {Shown.Names([.. observer.Modules.Select(module => module.Name)])} returned maps, [N, C, H, W]: choose convolutions, or blocks of them.", nameof(patterns));
    }
}
