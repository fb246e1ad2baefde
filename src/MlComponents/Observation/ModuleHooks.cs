namespace MlComponents;

/// <summary>Hooks on modules of one to three tensors that return one, without a look at how many they are.</summary>
internal static class ModuleHooks
{
    /// <summary>Calls a function after each call of a module.</summary>
    /// <param name="module">The module.</param>
    /// <param name="action">Gets the inputs and the output.</param>
    /// <returns>Takes the hook off; null where the module has another form.</returns>
    public static Action? After(nn.Module module, Action<IReadOnlyList<Tensor>, Tensor> action)
    {
        return module switch
        {
            nn.Module<Tensor, Tensor> unary => unary.register_forward_hook((_, x, output) => Act([x], output)).remove,
            nn.Module<Tensor, Tensor, Tensor> binary => binary.register_forward_hook((_, x, y, output) => Act([x, y], output)).remove,
            nn.Module<Tensor, Tensor, Tensor, Tensor> ternary => ternary.register_forward_hook((_, x, y, z, output) => Act([x, y, z], output)).remove,
            _ => null,
        };

        Tensor Act(Tensor?[] inputs, Tensor output)
        {
            action(Given(inputs), output);
            return output;
        }
    }

    /// <summary>Calls a function before each call of a module.</summary>
    /// <param name="module">The module.</param>
    /// <param name="action">Gets the inputs.</param>
    /// <returns>Takes the hook off; null where the module has another form.</returns>
    public static Action? Before(nn.Module module, Action<IReadOnlyList<Tensor>> action)
    {
        return module switch
        {
            nn.Module<Tensor, Tensor> unary => unary.register_forward_pre_hook((_, x) => { action([x]); return x; }).remove,
            nn.Module<Tensor, Tensor, Tensor> binary => binary.register_forward_pre_hook((_, x, y) => { action(Given(x, y)); return null; }).remove,
            nn.Module<Tensor, Tensor, Tensor, Tensor> ternary => ternary.register_forward_pre_hook((_, x, y, z) => { action(Given(x, y, z)); return null; }).remove,
            _ => null,
        };
    }

    /// <summary>Runs all heads of a network, which for those who watch it is a pass as a call would be.</summary>
    public static IReadOnlyList<Tensor> CallHeads(this IAuxiliaryHeads network, Tensor x)
    {
        Observer.BeginPass((nn.Module)network, [x]);
        return network.Heads(x);
    }

    // Some modules take masks that may be null.
    private static List<Tensor> Given(params Tensor?[] inputs) => [.. inputs.OfType<Tensor>()];
}
